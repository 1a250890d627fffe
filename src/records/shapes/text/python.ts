import type { JsonObject } from "../../../core/record.js";
import { levelOfWord } from "../../levels.js";
import type { TextReading, TextShape } from "./shape.js";
import { TIME } from "./time.js";

const LEVEL = "TRACE|DEBUG|INFO|SUCCESS|WARNING|WARN|ERROR|CRITICAL|FATAL";
const NAME = "[\\w.:<>/-]{1,200}";

/** `logging.BASIC_FORMAT`: `WARNING:root:message`. */
const basic = new RegExp(`^(${LEVEL}|Level \\d{1,3}):([\\w.<>/-]{1,200}):`);
/** uvicorn: the level and a colon, padded to ten columns; in DEBUG, INFO and others alike. */
const uvicorn = new RegExp(`^(${LEVEL}): {1,8}`);
/** `time - name - LEVEL - message`, the format of Python's logging howto, and its variants with bars or spaces. */
const nameFirst = new RegExp(
  `^\\[?(${TIME})\\]?(?: [-|] | \\| | )(${NAME}) {0,40}(?: [-|] | )\\[?(${LEVEL})\\]?(?: {0,8} [-|] |: | )`,
);
/** `time - LEVEL - name - message`, `time LEVEL name: message`, loguru's `time | LEVEL    | name:function:line - message`. */
const levelFirst = new RegExp(
  `^\\[?(${TIME})\\]?(?: [-|] | )\\[?(${LEVEL})\\]?(?: {0,8} [-|] | {1,9}in |: | {1,9})(?:(${NAME}[.:_]${NAME}|${NAME}(?=:| - | \\| ))(?:: | - | \\| ))?`,
);

function read(text: string): TextReading | undefined {
  const first = text.charCodeAt(0);
  if (first === 91 || (first >= 48 && first <= 57)) return readDated(text);
  const plain = basic.exec(text);
  if (plain !== null) return reading(text, plain[0], plain[1], undefined, plain[2]);
  const served = uvicorn.exec(text);
  return served === null ? undefined : reading(text, served[0], served[1], undefined, undefined);
}

function readDated(text: string): TextReading | undefined {
  const named = nameFirst.exec(text);
  if (named !== null) return reading(text, named[0], named[3], named[1], named[2]);
  const leveled = levelFirst.exec(text);
  if (leveled !== null) return reading(text, leveled[0], leveled[2], leveled[1], leveled[3]);
  return undefined;
}

function reading(
  text: string,
  prefix: string,
  level: string | undefined,
  time: string | undefined,
  logger: string | undefined,
): TextReading {
  const data: { [key: string]: unknown } = {};
  if (time !== undefined) data["time"] = time;
  if (logger !== undefined) data["logger"] = logger;
  const said: JsonObject | undefined = time === undefined && logger === undefined ? undefined : data;
  return { level: levelOfWord(level ?? ""), message: text.slice(prefix.length), data: said };
}

/** The formats that users of Python's `logging` see: the default, the howto's, uvicorn's, Flask's, loguru's. */
export const python: TextShape = { name: "python", read };
