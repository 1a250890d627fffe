import type { Container } from "../core/container.js";
import type { Target } from "../core/decision.js";
import { SidecarError } from "../core/errors.js";
import type { Line } from "../core/line.js";
import { type Category, LEVEL_RANK, type LogRecord } from "../core/record.js";
import { readLines } from "../reading/read-lines.js";
import { listSegments } from "../reading/segments.js";
import type { RuleSet } from "../rules/rule-set.js";
import { type HeldLinesOptions, listWatched, readHeldLines } from "../sources/docker/held-lines.js";
import type { WatchedContainer } from "../sources/docker/watched-container.js";
import type { Status } from "../status/status.js";
import type { Output } from "./output.js";
import {
  type Deduped,
  type Expected,
  earlier,
  keyOf,
  StoredCounts,
  spanOf,
  storedSchema,
  type Verdict,
} from "./stored-counts.js";
import { table } from "./table.js";

export interface VerifyOptions extends HeldLinesOptions {
  readonly logDir: string;
  readonly json: boolean;
  readonly rules: RuleSet;
  readonly understand: (line: Line, container: Container) => LogRecord;
  /** The containers that are collected from the engine, by its id, and the names under which their lines are stored. */
  readonly collected: Collected;
  /** That the engine runs on, where its lines were forwarded; undefined: this one. */
  readonly host: string | undefined;
}

type Collected = ReadonlyMap<string, readonly string[]>;

/**
 * What of the containers in a status is collected from the engine of a host, or from the one here.
 * @throws SidecarError SETTINGS_INVALID where lines come from other hosts, and the one that is meant is not among them
 */
export function collectedOf(containers: Status["containers"], host: string | undefined): Collected {
  const prefix = host === undefined ? "" : `${host}/`;
  const own = containers.filter(({ id }) =>
    host === undefined ? !id.includes("/") : id.startsWith(prefix) && !id.slice(prefix.length).includes("/"),
  );
  const hosts = [...new Set(containers.flatMap(({ id }) => /^(.+)\//.exec(id)?.[1] ?? []))];
  if (own.length === 0 && (host !== undefined || hosts.length > 0))
    throw new SidecarError("SETTINGS_INVALID", `no lines of ${host ?? "this host"} are stored here`, {
      remedy:
        hosts.length === 0
          ? "Leave --host out."
          : `Give --host with one of ${hosts.sort().join(", ")}, and the address of its engine in DOCKER_HOST.`,
    });
  return new Map(
    own.map(({ id, name, earlierNames = [] }) => [id.slice(prefix.length), [name, ...earlierNames]]),
  );
}

/** Lines are seen in the files within a second of being read; what is younger than this is not called missing. */
const RECENT_MS = 5_000;
const CHECKED: readonly Category[] = ["raw", "tagged"];

/**
 * `log-sidecar verify`: compares what the engine still holds with what is stored. Returns 0 when every line is there
 * once, else 1. Keeps one entry in memory for each line that the engine holds.
 */
export async function verify(options: VerifyOptions, output: Output): Promise<0 | 1> {
  const watched = await listWatched(options.address);
  const counts = new StoredCounts();
  const verdicts: Verdict[] = [];
  const expected: Expected[] = [];
  const before = new Date(Date.now() - RECENT_MS).toISOString();
  for (const [id, one] of watched) {
    const names = options.collected.get(id);
    if (names === undefined) continue;
    const { name } = one.container;
    const earlierNames = names.filter((other) => other !== name);
    const container = { ...one.container, host: options.host };
    expected.push({ ...(await expectedOf({ ...one, container }, options, before)), earlierNames });
  }
  for (const one of expected) counts.expect(one);
  for (const category of CHECKED) await countStored(options, category, counts);
  for (const one of expected) verdicts.push(counts.verdictOn(one));
  output.write(options.json ? `${JSON.stringify(verdicts)}\n` : verdictsText(verdicts));
  return verdicts.every(({ missingCount, doubleCount }) => missingCount + doubleCount === 0) ? 0 : 1;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller's schema refuses undefined.
    return undefined;
  }
}

async function expectedOf(
  { container, ...rest }: WatchedContainer,
  options: VerifyOptions,
  before: string,
): Promise<Omit<Expected, "earlierNames">> {
  const keys: string[] = [];
  const deduped: Deduped[] = [];
  let elsewhere = 0;
  let recent = 0;
  const { name } = container;
  await readHeldLines({ container, ...rest }, options, (lines) => {
    for (const line of lines) {
      if (line.ts > before) {
        recent += 1;
        continue;
      }
      const record = options.understand(line, container);
      const { targets, waiting } = storedOf(record, options.rules);
      if (targets.length === 0 && waiting.length === 0) elsewhere += 1;
      for (const { category } of targets) keys.push(keyOf(name, line.ts, line.stream, category));
      for (const { rule, windowMs, category } of waiting) {
        if (line.ts > earlier(before, windowMs)) recent += 1;
        else {
          const key = keyOf(name, line.ts, line.stream, category);
          deduped.push({ key, ts: line.ts, span: spanOf(name, category, rule), windowMs });
        }
      }
    }
  });
  return { container: name, host: options.host, keys, deduped, elsewhere, recent };
}

/** What raw and tagged must hold of a record: at once, or when a window is over. */
function storedOf(record: LogRecord, rules: RuleSet) {
  const { minLevel } = record.container;
  if (minLevel !== undefined && LEVEL_RANK[record.level] < LEVEL_RANK[minLevel]) {
    return { targets: [], waiting: [] };
  }
  const { drop, targets, actions } = rules.classify(record);
  const isChecked = ({ category }: Target) => CHECKED.includes(category);
  const waiting = (actions?.waiting ?? []).flatMap(({ rule, windowMs, targets: later }) =>
    later.filter(isChecked).map(({ category }) => ({ rule, windowMs, category })),
  );
  return { targets: drop ? [] : targets.filter(isChecked), waiting };
}

async function countStored(
  { logDir, host }: Pick<VerifyOptions, "logDir" | "host">,
  category: Category,
  counts: StoredCounts,
): Promise<void> {
  for (const segment of await listSegments(logDir, category)) {
    for await (const text of readLines(logDir, segment)) {
      const record = storedSchema.safeParse(parseJson(text));
      // A line that somebody else wrote into the file is none of ours. Containers of two hosts may have one name.
      if (record.success && record.data.host === host) counts.found(record.data, category);
    }
  }
}

function shownName({ host, container }: Verdict): string {
  return host === undefined ? container : `${host}/${container}`;
}

function verdictsText(verdicts: readonly Verdict[]): string {
  if (verdicts.length === 0) return "the engine holds no lines of a container that this sidecar collects\n";
  const rows = verdicts.map((one) => [
    shownName(one),
    ...[one.held, one.elsewhere, one.recent, one.collapsed, one.missingCount, one.doubleCount].map(String),
    one.missingCount + one.doubleCount === 0 ? "complete" : "NOT COMPLETE",
  ]);
  const header = ["container", "held", "elsewhere", "recent", "collapsed", "missing", "double", ""];
  const examples = verdicts.flatMap((one) => [
    ...one.missing.map((line) => `missing  ${shownName(one)}  ${line}`),
    ...one.double.map((line) => `double   ${shownName(one)}  ${line}`),
  ]);
  return table([header, ...rows]) + examples.map((line) => `${line}\n`).join("");
}
