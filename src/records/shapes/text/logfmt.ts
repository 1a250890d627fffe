import { dataOfPairs, readPairs } from "../../heads/pairs.js";
import type { TextReading, TextShape } from "./shape.js";

/** Keys without a value (structlog's `true`) are taken only beside one of these. */
const known = new Set(["level", "lvl", "severity", "msg", "message", "event", "time", "ts", "timestamp"]);

/** logfmt, strictly: the whole line consists of pairs, two at least. A sentence that has a `=` in it is none. */
function read(text: string): TextReading | undefined {
  const equals = text.indexOf("=");
  if (equals < 1 || equals > 200) return undefined;
  const pairs = readPairs(text, 0);
  if (pairs === undefined) return undefined;
  let alone = 0;
  for (const { alone: isAlone, value } of pairs) {
    if (isAlone) alone += 1;
    // A list in a sentence: what its values end with is no part of them.
    else if (typeof value === "string" && value.endsWith(",")) return undefined;
  }
  if (pairs.length - alone < 2 || (alone > 0 && !pairs.some(({ key }) => known.has(key)))) return undefined;
  return { level: undefined, message: text, data: dataOfPairs(pairs), named: true };
}

/** logfmt: Go's logrus and Docker's own daemon, Heroku, Grafana's programs, structlog. */
export const logfmt: TextShape = { name: "logfmt", begins: /^[\w@]/, read };
