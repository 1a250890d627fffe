import { dataOfPairs, type Pair, unquoted } from "../../heads/pairs.js";
import type { TextReading } from "./shape.js";

const LONGEST = 8_000;
const line =
  /^(?:([\w./-]{1,100}): )?((?:"[^"\\]{1,100}"=(?:"(?:[^"\\]|\\.){0,4000}"|[^\s"]{0,1000})(?: |$)){2,60})$/;
const pair = /"([^"\\]+)"=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))/g;

/**
 * Pairs with keys in quotes, perhaps behind a name, as logr's writers print them (github.com/go-logr/logr, funcr):
 * `shop: "level"=0 "msg"="paid" "order"=7`. Their level is a degree of detail, and an error has none.
 */
export function readQuotedPairs(text: string): TextReading | undefined {
  if (!text.includes('"=') || text.length > LONGEST) return undefined;
  const found = line.exec(text);
  if (found === null) return undefined;
  const pairs: Pair[] = [];
  if (found[1] !== undefined) pairs.push({ key: "logger", value: found[1], alone: false });
  for (const [, key = "", said, bare = ""] of (found[2] as string).matchAll(pair))
    pairs.push({ key, value: said === undefined ? typed(bare) : unquoted(said), alone: false });
  const data = dataOfPairs(pairs);
  const message = data["msg"];
  if (typeof message !== "string") return undefined;
  const level = data["level"] === undefined ? "error" : data["level"] === 0 ? "info" : "debug";
  return { level, message, data };
}

function typed(word: string): unknown {
  return /^-?(?:0|[1-9]\d{0,14})$/.test(word) ? Number(word) : word;
}
