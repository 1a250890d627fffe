import { levelOfWord } from "../../../core/level-words.js";
import { readJavaLoggingHead } from "../../traces/java-logging.js";
import { dataOf, numberOf, type TextReading, type TextShape } from "./shape.js";

const LEVEL = "TRACE|DEBUG|INFO|WARN|ERROR|FATAL|SEVERE";
const DATE_TIME = "\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d[.,]\\d{3}(?:Z|[+-]\\d\\d:\\d\\d)?";

/** Spring Boot: `time  INFO 7 --- [app] [thread] logger : message`, the app's name only since 3.4. */
const spring = new RegExp(
  `^(${DATE_TIME}) {1,2}(${LEVEL}) (\\d{1,10}) --- (?:\\[([^\\]]{0,100})\\] )?\\[([^\\]]{0,100})\\] (\\S{1,200}) {1,60}: `,
);
/** logback without configuration, log4j's examples: `time [thread] LEVEL logger - message`. */
const logback = new RegExp(
  `^((?:\\d{4}-\\d\\d-\\d\\d[ T])?\\d\\d:\\d\\d:\\d\\d[.,]\\d{3}) \\[([^\\]]{1,100})\\] (${LEVEL}) {1,2}(\\S{1,200}) - `,
);
/** Quarkus and WildFly: `time LEVEL  [logger] (thread) message`. */
const jboss = new RegExp(`^(${DATE_TIME}) (${LEVEL}) {1,2}\\[([^\\]]{1,200})\\] \\(([^)]{1,100})\\) `);

function read(text: string): TextReading | undefined {
  const first = text.charCodeAt(0);
  if (first < 48 || first > 57) return readLogging(text);
  const boot = spring.exec(text);
  if (boot !== null) {
    const [prefix, time, level, pid, app, thread, logger] = boot;
    return reading(text, prefix, level, { time, pid: numberOf(pid), app, thread: thread?.trim(), logger });
  }
  const plain = logback.exec(text);
  if (plain !== null) {
    const [prefix, time, thread, level, logger] = plain;
    return reading(text, prefix, level, { time, thread, logger });
  }
  const served = jboss.exec(text);
  if (served === null) return undefined;
  const [prefix, time, level, logger, thread] = served;
  return reading(text, prefix, level, { time, thread, logger });
}

/** java.util.logging: what it is about stands on the second line. */
function readLogging(text: string): TextReading | undefined {
  const cut = text.indexOf("\n");
  const head = cut < 0 ? null : readJavaLoggingHead(text.slice(0, cut));
  if (head === null) return undefined;
  const [, time, logger, method] = head;
  const colon = text.indexOf(": ", cut);
  const prefix = text.slice(0, colon + 2);
  return reading(text, prefix, text.slice(cut + 1, colon), { time, logger, method });
}

function reading(
  text: string,
  prefix: string,
  level: string | undefined,
  data: { readonly [name: string]: string | number | undefined },
): TextReading {
  return { level: levelOfWord(level ?? ""), message: text.slice(prefix.length), data: dataOf(data) };
}

/** The formats that Java's servers print without configuration. */
export const java: TextShape = { name: "java", read };
