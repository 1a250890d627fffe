import { levelOfWord } from "../../../core/level-words.js";
import { levelOfStatus, readUvicornAccess } from "./access.js";
import { dataOf, type TextReading, type TextShape } from "./shape.js";

const LEVEL = "TRACE|DEBUG|INFO|SUCCESS|WARNING|WARN|ERROR|CRITICAL|FATAL";
const NAME = "[A-Za-z_][\\w.<>/-]{0,200}";

/** `logging.BASIC_FORMAT`: `WARNING:root:message`. */
const basic = new RegExp(`^(${LEVEL}|Level \\d{1,3}):(${NAME}):`);
/** uvicorn's requests: the level and a colon, padded to ten columns. Its other lines have a head as any. */
const uvicorn = new RegExp(`^(${LEVEL}): {1,8}`);
function read(text: string): TextReading | undefined {
  const line = basic.exec(text);
  if (line !== null) {
    const level = levelOfWord((line[1] ?? "").replace("Level ", ""));
    return { level, message: text.slice(line[0].length), data: dataOf({ logger: line[2] }) };
  }
  const served = uvicorn.exec(text);
  return served === null ? undefined : readUvicorn(text.slice(served[0].length));
}

function readUvicorn(message: string): TextReading | undefined {
  const request = readUvicornAccess(message);
  if (request === undefined) return undefined;
  return { level: levelOfStatus(Number(request["status"])), message, data: dataOf(request) };
}

/** Python's `logging` without a format of its own, and uvicorn's; with a time any program's head is read alike. */
export const python: TextShape = { name: "python", begins: /^[A-Z]/, read };
