import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";

const program = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const LINES = 3_000;
const line = (id: number) => JSON.stringify({ event_type: "intrusion", level: "error", id, user: "root" });

/** Numbers of the events in a folder of the log folder. */
function storedIn(logDir: string, name: string): number[] {
  const folder = join(logDir, name);
  const text = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  return text
    .join("")
    .trimEnd()
    .split("\n")
    .map((record) => JSON.parse(record).data.id);
}

it.each(["on", "off"])(
  "what a rule keeps for ever goes to raw beyond the day's quota, each event once: lane %s",
  (lane) => {
    const logDir = mkdtempSync(join(tmpdir(), "quota-"));
    onTestFinished(() => rmSync(logDir, { recursive: true }));
    const input = Array.from({ length: LINES }, (_, id) => `${line(id)}\n`).join("");
    const env = { ...process.env, SIDECAR_LANE: lane, SIDECAR_PERMANENT_QUOTA: "50kB" };
    execFileSync(process.execPath, [program, "run", "--source", "stdin", "--log-dir", logDir], {
      input,
      env,
      stdio: "pipe",
    });
    const [kept, others] = [storedIn(logDir, "tagged/permanent"), storedIn(logDir, "raw/stdin")];
    // Of the lane, up to a batch more.
    expect(kept.length).toBeGreaterThanOrEqual(Math.floor(50_000 / line(LINES).length));
    expect(kept.length).toBeLessThan(LINES / 2 + 800);
    expect([...kept, ...others]).toEqual(Array.from({ length: LINES }, (_, id) => id));
    const { counters } = JSON.parse(readFileSync(join(logDir, ".sidecar/status.json"), "utf8"));
    expect(counters.permanent_over_quota_total).toEqual({ stdin: others.length });
  },
);
