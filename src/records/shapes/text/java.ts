import { levelOfWord } from "../../../core/level-words.js";
import { readJavaLoggingHead } from "../../traces/java-logging.js";
import { dataOf, type TextReading, type TextShape } from "./shape.js";

/** What it is about stands on the second line. */
function read(text: string): TextReading | undefined {
  const cut = text.indexOf("\n");
  const head = cut < 0 ? null : readJavaLoggingHead(text.slice(0, cut));
  if (head === null) return undefined;
  const [, time, logger, method] = head;
  const colon = text.indexOf(": ", cut);
  const level = levelOfWord(text.slice(cut + 1, colon));
  return { level, message: text.slice(colon + 2), data: dataOf({ time, logger, method }) };
}

/** java.util.logging's two lines; the one-line formats of Java's servers are read as any program's. */
export const java: TextShape = { name: "java", begins: /^[A-Za-z\u0080-\uffff]/, read };
