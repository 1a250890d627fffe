import { levelOfWord } from "../../../core/level-words.js";
import type { Level } from "../../../core/record.js";
import { javaLoggingSaid, readJavaLoggingHead } from "../../traces/java-logging.js";
import { dataOf, type TextReading, type TextShape } from "./shape.js";

/** Java's words for FINE, and for FINER and FINEST, in the languages that a JDK has (sun.util.logging.resources); most mean nothing elsewhere. */
const FINE = /^(?:FEIN|DETALLADO|PRÉCIS|BUONO|普通|미세|FIN|DETALHADO|详细|詳細)$/;
const FINER =
  /^(?:FEINER|AM FEINSTEN|(?:MUY|MÁS) DETALLADO|(?:LE )?PLUS PRÉCIS|MIGLIORE|OTTIMALE|最も詳細|(?:보다|가장) 미세|FINARE|FINASTE|(?:O )?MAIS DETALHADO|较详细|非常详细|較詳細|最詳細)$/;

/** What it is about stands on the second line. */
function read(text: string): TextReading | undefined {
  const cut = text.indexOf("\n");
  const head = cut < 0 ? undefined : readJavaLoggingHead(text.slice(0, cut));
  if (head === undefined) return undefined;
  const { time, thread, logger, method } = head;
  const second = text.slice(cut + 1);
  if (!javaLoggingSaid.test(second)) return undefined;
  const colon = second.indexOf(": ");
  return {
    level: levelOfJava(second.slice(0, colon)),
    message: second.slice(colon + 2),
    data: dataOf({ time, thread, logger, method }),
  };
}

function levelOfJava(word: string): Level | undefined {
  return levelOfWord(word) ?? (FINE.test(word) ? "debug" : FINER.test(word) ? "trace" : undefined);
}

/** The two lines of java.util.logging and tinylog, which text.ts asks about by itself: only texts of several lines are such. The one-line formats of Java's servers are read as any program's. */
export const java: TextShape = { name: "java", begins: /^[A-Za-z\u0080-\uffff]/, read };
