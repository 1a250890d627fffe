import { causeText, SidecarError } from "../core/errors.js";
import {
  logsourceLabelRefused,
  type RulesReport,
  rulesLoaded,
  rulesRefused,
  rulesReloaded,
  tableRefused,
  wishOverQuota,
} from "../telemetry/rules-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { type RuleFolder, readFolder, stampFolder } from "./folder.js";
import { compileRules, type LoadOptions } from "./load.js";
import { problemText, type RuleProblem, RulesInvalid } from "./problems.js";
import type { RuleSet } from "./rule-set.js";

export interface RuleStoreOptions extends Pick<LoadOptions, "logsources" | "fieldAliases"> {
  /** The folder, or several with colons between. */
  readonly dir: string;
  readonly telemetry: Telemetry;
  /** Of lines that call themselves tagged, a container's share of a day. */
  readonly wishQuotaBytes?: number;
}

/** How a reload ended. */
export type ReloadResult =
  | { readonly ok: true; readonly rules: RuleSet }
  | { readonly ok: false; readonly error: unknown; readonly problems: readonly RuleProblem[] };

/** Holds the rules in use, and replaces them all or none. */
export class RuleStore {
  readonly #options: RuleStoreOptions;
  #current: RuleSet;
  /** What was last seen of the folder, good or bad. */
  #seen: Seen;
  #running: Promise<ReloadResult> | undefined;
  #next: Promise<ReloadResult> | undefined;
  #trouble: string | undefined;
  /** The folders that held no file when the rules in use were read. */
  #empty: readonly string[];

  private constructor(options: RuleStoreOptions, rules: RuleSet, folder: RuleFolder) {
    this.#options = options;
    this.#current = rules;
    this.#seen = folder;
    this.#empty = folder.empty;
  }

  /** @throws SidecarError RULES_INVALID: bad rules never start. */
  static async open(options: RuleStoreOptions): Promise<RuleStore> {
    const folder = await readFolder(options.dir);
    const rules = await compileFolder(options, folder);
    rulesLoaded(options.telemetry, options.dir, reportOf(rules));
    return new RuleStore(options, rules, folder);
  }

  /** Why the rules that lie in the folder are not those in use; undefined when they are. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** The rules to classify the next batch with. */
  get current(): RuleSet {
    return this.#current;
  }

  /**
   * Reads the folder again. Asked during a reload, it is read once more afterwards: what was changed meanwhile
   * may have been missed. All that ask in that time share the one that follows.
   */
  reload(why: string): Promise<ReloadResult> {
    if (this.#running === undefined) {
      this.#running = this.#run(why).finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      return this.reload(why);
    });
    return this.#next;
  }

  /** Reads the folder again when its files are others than those last read, good or bad. */
  async reloadIfChanged(why: string): Promise<ReloadResult | undefined> {
    if (this.#running !== undefined) return this.reload(why);
    return (await this.#isChanged()) ? this.reload(why) : undefined;
  }

  async #isChanged(): Promise<boolean> {
    const { dir } = this.#options;
    const seen = this.#seen;
    try {
      if (seen.settled && (await stampFolder(dir)) === seen.stamp) return false;
      const folder = await readFolder(dir);
      if (folder.digest !== seen.digest) return true;
      // Only touched. If a reload was done meanwhile, what that saw counts.
      if (this.#seen === seen) this.#seen = folder;
      return false;
    } catch (error) {
      // A folder that is gone for a moment while it is replaced: told once, as any other state of it.
      return String(error) !== seen.digest;
    }
  }

  async #run(why: string): Promise<ReloadResult> {
    const { telemetry, dir } = this.#options;
    try {
      const folder = await readFolder(dir).catch((error: unknown) => {
        this.#seen = unreadable(error);
        throw error;
      });
      this.#seen = folder;
      this.#refuseVanished(folder);
      this.#current = await compileFolder(this.#options, folder);
      this.#empty = folder.empty;
      this.#trouble = undefined;
      rulesReloaded(telemetry, why, reportOf(this.#current));
      return { ok: true, rules: this.#current };
    } catch (error) {
      this.#trouble = `the rules of the folder can't be used, the earlier ones are in use: ${causeText(error)}`;
      rulesRefused(telemetry, why, error);
      return { ok: false, error, problems: error instanceof RulesInvalid ? error.problems : [] };
    }
  }

  /** A mount that went away looks like an empty folder: nobody means to lose all rules in silence. */
  #refuseVanished({ empty }: RuleFolder): void {
    const vanished = empty.filter((folder) => !this.#empty.includes(folder));
    if (vanished.length === 0) return;
    throw new SidecarError(
      "RULES_INVALID",
      `The rules folder ${vanished.join(" and ")} is empty all at once`,
      {
        remedy: "Mount it again. Where no rules are meant, leave a file in it that says `rules: []`.",
      },
    );
  }
}

type Seen = Pick<RuleFolder, "stamp" | "digest" | "settled">;

/** A folder that cannot be read is a state of its own. */
function unreadable(error: unknown): Seen {
  return { stamp: "", digest: String(error), settled: false };
}

async function compileFolder(options: RuleStoreOptions, folder: RuleFolder): Promise<RuleSet> {
  return compileRules(folder, {
    logsources: options.logsources ?? [],
    fieldAliases: options.fieldAliases ?? [],
    onLabelFault: (container, fault) => logsourceLabelRefused(options.telemetry, container.name, fault),
    wishes: {
      taggedQuotaBytes: options.wishQuotaBytes,
      onOverQuota: (container) => wishOverQuota(options.telemetry, container.name),
      onTooManyTables: (container) => tableRefused(options.telemetry, container.name),
    },
  });
}

function reportOf(rules: RuleSet): RulesReport {
  return {
    files: rules.files.length,
    rules: rules.native.length,
    sigma: rules.sigma.length,
    leftOut: rules.leftOut.map(problemText),
  };
}
