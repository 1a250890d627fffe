import { execFileSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { storedLine, timeAt, volumeOf } from "../reading/volumes.js";
import { requirement } from "../requirements.js";

const PROGRAM = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const DATES = ["2026-01-25", "2026-01-28", "2026-01-30", "2026-01-31"];

function run(...args: readonly string[]): string {
  return execFileSync(process.execPath, [PROGRAM, ...args], { encoding: "utf8" });
}

/** Some thousand lines over several dates, of which one in seven holds the word. */
function volume(): string {
  const files: Record<string, string[]> = {};
  for (const [day, date] of DATES.entries()) {
    for (const [at, level] of (["info", "error"] as const).entries()) {
      const name = `raw/api/${level === "error" ? "error" : "log"}_${date}.jsonl`;
      files[name] = Array.from({ length: 500 }, (_, n) => {
        const message = n % 7 === day ? `the Needle ${n}` : `hay ${n}`;
        return storedLine({ ts: timeAt(n * 2 + at, date), level, message });
      });
    }
  }
  return volumeOf(files);
}

describe.skipIf(requirement("jq").missing)("search beside grep and jq, before and after retention", () => {
  it("finds the same records, each once", () => {
    const logDir = volume();
    const paths = () =>
      readdirSync(logDir, { recursive: true, encoding: "utf8" })
        .filter((path) => /^(?:archive|raw).*\.jsonl(?:\.gz)?$/.test(path))
        .map((path) => join(logDir, path));
    const lines = (text: string) => text.split("\n").filter(Boolean).sort();
    const found = (words: string) => lines(run("search", words, "--limit", "100000", "--log-dir", logDir));
    const compare = () => {
      const grepped = execFileSync("zgrep", ["-hiF", "needle", ...paths()], { encoding: "utf8" });
      const needles = found("needle");
      expect(needles).toEqual(lines(grepped));
      const all = execFileSync("gzip", ["-dcf", ...paths()]);
      const filter = 'select(.level == "error" and (.message | test("needle"; "i") | not))';
      const chosen = execFileSync("jq", ["-c", filter], { input: all, encoding: "utf8" });
      expect(found("level:error -needle")).toEqual(lines(chosen));
      return needles;
    };
    const before = compare();
    expect(before.length).toBeGreaterThan(100);
    run("retention", "--log-dir", logDir, "--now", "2026-01-31T12:00:00Z");
    expect(paths().filter((path) => path.includes("/archive/")).length).toBeGreaterThan(0);
    expect(paths().filter((path) => path.endsWith(".gz")).length).toBeGreaterThan(2);
    expect(compare()).toEqual(before);
    rmSync(logDir, { recursive: true });
  }, 120_000);
});
