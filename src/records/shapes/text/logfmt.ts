import { readPairs } from "../../heads/pairs.js";
import type { TextReading, TextShape } from "./shape.js";

/** Keys without a value (structlog's `true`) are taken only beside one of these. */
const known = new Set(["level", "lvl", "severity", "msg", "message", "event", "time", "ts", "timestamp"]);

/** logfmt, strictly: the whole line consists of pairs, two at least. A sentence that has a `=` in it is none. */
function read(text: string): TextReading | undefined {
  const equals = text.indexOf("=");
  if (equals < 1 || equals > 200) return undefined;
  const pairs = readPairs(text, 0);
  if (pairs === undefined) return undefined;
  const alone = pairs.filter((pair) => pair.alone).length;
  if (pairs.length - alone < 2 || (alone > 0 && !pairs.some(({ key }) => known.has(key)))) return undefined;
  const data = Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
  return { level: undefined, message: text, data, named: true };
}

/** logfmt: Go's logrus and Docker's own daemon, Heroku, Grafana's programs, structlog. */
export const logfmt: TextShape = { name: "logfmt", read };
