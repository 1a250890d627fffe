import { levelOfWord } from "../../../core/level-words.js";
import { levelOfStatus, readUvicornAccess } from "./access.js";
import { dataOf, type TextReading, type TextShape } from "./shape.js";

/** `asctime` and loguru's time, with a zone where somebody added one. */
const TIME =
  "\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?: ?(?:Z|UTC|[+-]\\d\\d:?\\d\\d))?";
/** The time at the beginning, in brackets or not, but never in half of them. */
const START = `^(?:(?=\\[${TIME}\\])\\[|(?!\\[))(${TIME})\\]?`;
const LEVEL = "TRACE|DEBUG|INFO|SUCCESS|WARNING|WARN|ERROR|CRITICAL|FATAL";
const NAME = "[A-Za-z_][\\w.<>/-]{0,200}";

/** `logging.BASIC_FORMAT`: `WARNING:root:message`. */
const basic = new RegExp(`^(${LEVEL}|Level \\d{1,3}):(${NAME}):`);
/** uvicorn: the level and a colon, padded to ten columns. */
const uvicorn = new RegExp(`^(${LEVEL}): {1,8}`);
/** `time - name - LEVEL - message` as in the logging howto, and with bars, brackets or spaces between. */
const nameFirst = new RegExp(
  `${START}(?: [-|] | )(${NAME}) {0,40}(?: [-|] | )\\[?(${LEVEL})\\]?(?: {0,8} [-|] |: | {1,9})`,
);
/** `time - LEVEL - message`, `time [LEVEL] message`, Flask's `[time] LEVEL in module: message`. */
const levelFirst = new RegExp(
  `${START}(?: [-|] | )\\[?(${LEVEL})\\]?(?: {0,8} [-|] | in (?=\\w{1,100}: )|: | {1,9})`,
);
/** Behind the level: `name: `, `name | `, or loguru's `name:function:line - `; a dash alone may be the text's own. */
const nameNext = new RegExp(
  `^(${NAME}(?=: | \\| )|[\\w.<>]{1,200}:[\\w.<>]{1,200}:\\d{1,6}(?= - ))(?:: | \\| | - )`,
);
/** gunicorn: `[time] [pid] [LEVEL] message`. */
const gunicorn = new RegExp(`^\\[(${TIME})\\] \\[(\\d{1,10})\\] \\[(${LEVEL})\\] `);

function read(text: string): TextReading | undefined {
  const first = text.charCodeAt(0);
  if (first === 91 || (first >= 48 && first <= 57)) return readDated(text);
  const line = basic.exec(text);
  if (line !== null) {
    const level = levelOfWord((line[1] ?? "").replace("Level ", ""));
    return { level, message: text.slice(line[0].length), data: dataOf({ logger: line[2] }) };
  }
  const served = uvicorn.exec(text);
  return served === null ? undefined : readUvicorn(served[1] ?? "", text.slice(served[0].length));
}

function readUvicorn(level: string, message: string): TextReading {
  const request = readUvicornAccess(message);
  if (request === undefined) return { level: levelOfWord(level), message, data: undefined };
  return { level: levelOfStatus(Number(request["status"])), message, data: dataOf(request) };
}

function readDated(text: string): TextReading | undefined {
  const named = nameFirst.exec(text);
  if (named !== null)
    return reading(text.slice(named[0].length), named[3], { time: named[1], logger: named[2] });
  const leveled = levelFirst.exec(text);
  if (leveled !== null) {
    const rest = text.slice(leveled[0].length);
    const name = nameNext.exec(rest);
    const message = name === null ? rest : rest.slice(name[0].length);
    return reading(message, leveled[2], { time: leveled[1], logger: name?.[1] });
  }
  const served = gunicorn.exec(text);
  if (served === null) return undefined;
  return reading(text.slice(served[0].length), served[3], { time: served[1], pid: Number(served[2]) });
}

function reading(
  message: string,
  level: string | undefined,
  data: { readonly [name: string]: string | number | undefined },
): TextReading {
  return { level: levelOfWord(level ?? ""), message, data: dataOf(data) };
}

/** The formats that users of Python's `logging` see: the default, the howto's, uvicorn's, gunicorn's, Flask's, loguru's. */
export const python: TextShape = { name: "python", read };
