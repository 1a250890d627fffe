/** Nanosecond times never pass through `Date`: they stay RFC 3339 text (30 characters, UTC) or bigint. */

const SECOND_NS = 1_000_000_000n;

/** Whether `text` begins with the engine's timestamp: 30 characters, nine digits of fraction, `Z`. */
export function isEngineTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z/.test(text);
}

/** Nanoseconds since 1970 of an engine timestamp. */
export function timeToNs(ts: string): bigint {
  return BigInt(Date.parse(`${ts.slice(0, 19)}Z`)) * 1_000_000n + BigInt(ts.slice(20, 29));
}

/** The engine's form (RFC 3339, nine digits, `Z`) of nanoseconds since 1970. */
export function nsToTime(ns: bigint): string {
  const fraction = ((ns % SECOND_NS) + SECOND_NS) % SECOND_NS;
  const seconds = (ns - fraction) / SECOND_NS;
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${String(fraction).padStart(9, "0")}Z`;
}

/** The `since` parameter of the engine's log API: seconds and nanoseconds with a dot between. */
export function nsToSince(ns: bigint): string {
  const whole = ns < 0n ? 0n : ns;
  return `${whole / SECOND_NS}.${String(whole % SECOND_NS).padStart(9, "0")}`;
}

const startWallNs = BigInt(Date.now()) * 1_000_000n;
const startHrNs = process.hrtime.bigint();
let lastNs = 0n;

/** Now, in nanoseconds since 1970, strictly rising within the process: the time of lines that no engine stamped. */
export function risingNowNs(): bigint {
  const now = startWallNs + (process.hrtime.bigint() - startHrNs);
  lastNs = now > lastNs ? now : lastNs + 1n;
  return lastNs;
}
