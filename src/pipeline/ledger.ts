import { z } from "zod";
import type { Container } from "../core/container.js";
import type { CommitPart } from "../core/segment.js";

/**
 * What became of the lines of one container. `read` is the sum of all others at every moment: each line that was
 * read was written, collapsed into another record, sampled out, dropped by a rule or a level, shed, or is held until it is
 * known how often it is repeated.
 */
export const accountSchema = z.object({
  name: z.string(),
  /** What the container was called before, newest first: lines stand under these in the files. Absent when it never changed. */
  earlierNames: z.array(z.string()).optional(),
  read: z.int(),
  written: z.int(),
  collapsed: z.int(),
  sampled: z.int(),
  droppedByRule: z.int(),
  droppedByLevel: z.int(),
  /** Left out of raw because the disk was nearly full. */
  shed: z.int().default(0),
  /** Absent in what versions before it wrote. */
  held: z.int().default(0),
  gaps: z.int(),
});

export type Account = z.infer<typeof accountSchema>;

/** How many removed containers keep an account of their own; older ones are added up. */
const REMOVED_KEPT = 200;
/** How many earlier names of a container are remembered. */
const EARLIER_NAMES_KEPT = 10;
const REMOVED_SUM = "removed";

const ledgerSchema = z.object({
  accounts: z.record(z.string(), accountSchema),
  removed: z.array(z.string()),
});

/** The accounts of all containers; durable together with the output they speak of. */
export class Ledger implements CommitPart {
  readonly name = "ledger";
  readonly #accounts = new Map<string, Account>();
  /** Ids of containers that are gone, oldest first. */
  readonly #removed: string[] = [];
  #atCommit: Account;
  /** Of the commit that is going on. */
  #captured: Account;

  /** `restored` is what `snapshot` gave at the last commit. Anything else begins new accounts. */
  constructor(restored: unknown) {
    const parsed = ledgerSchema.safeParse(restored);
    if (parsed.success) {
      for (const [id, account] of Object.entries(parsed.data.accounts)) this.#accounts.set(id, account);
      this.#removed.push(...parsed.data.removed);
    }
    this.#captured = this.total();
    this.#atCommit = this.#captured;
  }

  /** The account to add to. */
  of(container: Container): Account {
    let account = this.#accounts.get(container.id);
    if (account === undefined) {
      account = emptyAccount(container.name);
      this.#accounts.set(container.id, account);
    }
    if (account.name !== container.name) rename(account, container.name);
    return account;
  }

  /** The account that has the lines of a container read before, which may be gone: then the sum of those removed. */
  existing(containerId: string): Account {
    return this.#accounts.get(containerId) ?? this.#sumOfRemoved();
  }

  /** The container is gone; its account is kept for a while. */
  remove(container: Container): void {
    this.#removed.push(container.id);
    while (this.#removed.length > REMOVED_KEPT) this.#fold(this.#removed.shift()!);
  }

  entries(): [id: string, account: Account][] {
    return [...this.#accounts];
  }

  /** Sums over all containers. */
  total(): Account {
    const sum = emptyAccount("total");
    for (const account of this.#accounts.values()) addTo(sum, account);
    return sum;
  }

  /** The sums that are durable. */
  get atCommit(): Account {
    return this.#atCommit;
  }

  snapshot(): string {
    this.#captured = this.total();
    return JSON.stringify({ accounts: Object.fromEntries(this.#accounts), removed: this.#removed });
  }

  committed(): void {
    this.#atCommit = this.#captured;
  }

  #fold(id: string): void {
    const account = this.#accounts.get(id);
    if (account === undefined) return;
    this.#accounts.delete(id);
    addTo(this.#sumOfRemoved(), account);
  }

  #sumOfRemoved(): Account {
    const sum = this.#accounts.get(REMOVED_SUM) ?? emptyAccount("(containers removed earlier)");
    this.#accounts.set(REMOVED_SUM, sum);
    return sum;
  }
}

function rename(account: Account, name: string): void {
  const others = [account.name, ...(account.earlierNames ?? [])].filter((earlier) => earlier !== name);
  account.earlierNames = others.slice(0, EARLIER_NAMES_KEPT);
  account.name = name;
}

function emptyAccount(name: string): Account {
  return {
    name,
    read: 0,
    written: 0,
    collapsed: 0,
    sampled: 0,
    droppedByRule: 0,
    droppedByLevel: 0,
    shed: 0,
    held: 0,
    gaps: 0,
  };
}

function addTo(sum: Account, account: Account): void {
  sum.read += account.read;
  sum.written += account.written;
  sum.collapsed += account.collapsed;
  sum.sampled += account.sampled;
  sum.droppedByRule += account.droppedByRule;
  sum.droppedByLevel += account.droppedByLevel;
  sum.shed += account.shed;
  sum.held += account.held;
  sum.gaps += account.gaps;
}
