import type { Line } from "../core/line.js";
import type { JsonObject } from "../core/record.js";

const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/;

/**
 * The line inside an entry of Docker's json-file log (`{"log":"…\n","stream":"stdout","time":"…"}`), for files that
 * are fed through a pipe: with the engine's time and stream, which a pipe does not know. `undefined` for other
 * objects. Entries that hold a part of a long line stay parts. Format: moby, daemon/logger/jsonfilelog/jsonlog.
 */
export function unwrapDockerEntry(line: Line, data: JsonObject): Line | undefined {
  const { log, stream, time } = data;
  if (typeof log !== "string" || typeof time !== "string") return undefined;
  if (stream !== "stdout" && stream !== "stderr") return undefined;
  const parts = TIME.exec(time);
  if (parts === null) return undefined;
  // The engine leaves zeros at the end of the fraction out.
  const ts = `${parts[1]}.${(parts[2] ?? "").padEnd(9, "0")}Z`;
  return { ...line, ts, stream, text: log.replace(/\r?\n$/, "") };
}
