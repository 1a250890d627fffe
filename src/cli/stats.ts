import { sizeText } from "../core/size-text.js";
import { silenceMs } from "../status/life.js";
import type { ForwardStatus, Status } from "../status/status.js";
import type { Upkeep } from "../upkeep/upkeep.js";
import type { Console } from "./console.js";
import { table } from "./table.js";

/** `log-sidecar stats [--json]`: what the sidecar of this log folder has done so far. */
export async function stats(
  upkeep: Pick<Upkeep, "stats">,
  options: { readonly json: boolean },
  { out }: Pick<Console, "out">,
  nowMs = Date.now(),
): Promise<number> {
  const status = await upkeep.stats();
  out.write(options.json ? `${JSON.stringify(status, null, 2)}\n` : statusText(status, nowMs));
  return 0;
}

function statusText(status: Status, nowMs: number): string {
  const { forward } = status;
  const parts = [
    ...(isStoring(status) ? [storedText(status)] : []),
    ...(forward === undefined ? [] : [forwardText(forward)]),
  ];
  const silent = silenceMs(status, nowMs);
  const head = [
    `version ${status.version}, pid ${status.pid}, started ${status.startedAt}, as of ${status.at}`,
    ...lifeText(status, silent),
  ];
  return [...head, parts.join("\n")].join("\n");
}

/** A sidecar that forwards alone has nothing to keep in order. */
function isStoring({ forward, housekeeping }: Status): boolean {
  return forward === undefined || housekeeping !== undefined;
}

function forwardText({ host, servers, trouble, lastPublished, containers }: ForwardStatus): string {
  const lines = [
    `forwarding as ${host ?? "a host whose name is not known yet"} to ${servers.join(", ")}`,
    ...(trouble === undefined ? [] : [`trouble: ${trouble}`]),
    `last published: ${lastPublished ?? "nothing since the start"}`,
    "",
  ];
  const rows = containers.map(({ name, published, waiting, sequence }) => [
    name,
    ...[published, waiting].map(String),
    sequence === undefined ? "none" : String(sequence),
  ]);
  return `${lines.join("\n")}\n${table([["container", "published", "waiting", "last message"], ...rows])}`;
}

function storedText(status: Status): string {
  const { store, disk } = status;
  const written = status.counters["records_written_total"] ?? 0;
  const byCategory = typeof written === "number" ? {} : written;
  const lines = [
    `rules: ${status.rules.native} native, ${status.rules.sigma} Sigma`,
    ...(status.rules.trouble === undefined ? [] : [`trouble: ${status.rules.trouble}`]),
    `store: segments open ${store.openSegments}, training files staged ${store.stagedFiles}, waiting ${sizeText(store.waitingBytes)}, commits ${store.commits}`,
    ...(store.diskFull ? ["the disk is full: collecting waits"] : []),
    ...(store.failing ? [`trouble: ${store.failing}`] : []),
    ...(disk
      ? [`disk: ${sizeText(disk.freeBytes)} of ${sizeText(disk.sizeBytes)} free${fullText(status)}`]
      : []),
    ...housekeepingText(status),
    `written: ${["raw", "summary", "training", "tagged"].map((name) => `${name} ${byCategory[name] ?? 0}`).join(", ")}`,
    ...(status.openGroups ? [`windows: ${status.openGroups} groups have no row yet`] : []),
    "",
  ];
  const rows = status.containers.map((account) => [
    account.name,
    ...[account.read, account.written, account.collapsed, account.sampled].map(String),
    String(account.droppedByRule + account.droppedByLevel + account.shed),
    ...[account.held, account.gaps].map(String),
  ]);
  const header = ["container", "read", "written", "collapsed", "sampled", "dropped", "held", "gaps"];
  return `${lines.join("\n")}\n${table([header, ...rows])}`;
}

function housekeepingText({ housekeeping }: Status): string[] {
  if (housekeeping === undefined) return [];
  const { lastRun, nextRun, lastCleanup, shedding } = housekeeping;
  const next = nextRun === undefined ? "no next one" : `next ${nextRun}`;
  const last =
    lastRun === undefined
      ? "no run yet"
      : `last ${lastRun.at}, compressed ${lastRun.compressed}, archived ${lastRun.archived}, deleted ${lastRun.deleted}, ` +
        `failed ${lastRun.failed}, freed ${sizeText(lastRun.freedBytes)}` +
        (lastRun.waiting === undefined ? "" : `, ${lastRun.waiting.files} deletions wait for a second look`);
  return [
    `retention: ${last}; ${next}`,
    ...(lastCleanup === undefined
      ? []
      : [
          `emergency cleanup: ${lastCleanup.at}, freed ${sizeText(lastCleanup.freedBytes)}${missedText(lastCleanup)}`,
        ]),
    ...(shedding ? ["the disk is nearly full: raw records of level debug and trace are not written"] : []),
  ];
}

function fullText({ housekeeping }: Status): string {
  const days = housekeeping?.daysUntilFull ?? undefined;
  return days === undefined ? "" : `, full in about ${days} days as the logs grow now`;
}

function missedText({
  reached,
  obstacles,
}: {
  readonly reached: boolean;
  readonly obstacles: readonly string[];
}) {
  return reached ? "" : `, NOT ENOUGH: ${obstacles.join("; ")}`;
}

function lifeText(status: Status, silent: number | undefined): string[] {
  if (status.stopped)
    return [`it has been stopped${isStoring(status) ? "; everything that was read is committed" : ""}`];
  return silent === undefined
    ? []
    : [`no sign of life for ${Math.round(silent / 1000)} s: it was killed, or hangs`];
}
