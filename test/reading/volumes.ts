import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Level } from "../../src/core/record.js";
import { nsToTime, timeToNs } from "../../src/core/time.js";

/** The time so many nanoseconds after the beginning of a date. */
export function timeAt(ns: number, date = "2026-01-31"): string {
  return nsToTime(timeToNs(`${date}T00:00:00.000000000Z`) + BigInt(ns));
}

interface LineParts {
  readonly ts: string;
  readonly level?: Level;
  readonly component?: string;
  readonly message?: string;
}

/** A stored record's line without its line end. */
export function storedLine({ ts, level = "info", component = "api", message = "m" }: LineParts): string {
  return JSON.stringify({ ts, level, component, message, container: `${component}-1`, stream: "stdout" });
}

/** A log folder with these files; what ends in `.gz` is compressed. */
export function volumeOf(files: Readonly<Record<string, readonly string[]>>): string {
  const logDir = mkdtempSync(join(tmpdir(), "reading-"));
  for (const [path, lines] of Object.entries(files)) writeLines(logDir, path, lines);
  return logDir;
}

/** Compressed files as a loss of power or a bad disk leave them: cut, without a byte, and with a byte that is wrong. */
export function damagedFiles(lines: readonly string[]): Readonly<Record<string, Buffer>> {
  const whole = gzipSync(lines.map((line) => `${line}\n`).join(""));
  const wrong = Buffer.from(whole);
  wrong.writeUInt8(wrong.readUInt8(wrong.length - 8) ^ 0xff, wrong.length - 8);
  return { cut: whole.subarray(0, whole.length - 12), empty: Buffer.alloc(0), wrong };
}

export function writeLines(logDir: string, path: string, lines: readonly string[]): void {
  const text = lines.map((line) => `${line}\n`).join("");
  mkdirSync(dirname(join(logDir, path)), { recursive: true });
  writeFileSync(join(logDir, path), path.endsWith(".gz") ? gzipSync(text) : text);
}
