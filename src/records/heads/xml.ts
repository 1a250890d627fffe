/** Elements that loggers write an event as: log4j 2 and 1, java.util.logging. */
const ELEMENTS = ["Event", "log4j:event", "event", "record", "entry"];
const opening = /^\s{0,8}<([A-Za-z][\w:]{1,20})[\s>]/;
const level = /\slevel="([A-Za-z]{3,10})"|<(?:level|Level)>([A-Za-z]{3,10})<\//;
const message = /<(?:\w{1,10}:)?[mM]essage>(?:<!\[CDATA\[)?/;
const logger = /\slogger(?:Name)?="([^"]{1,200})"|<logger>([^<]{1,200})</;
const thread = /\sthread="([^"]{1,200})"|<thread>([^<]{1,200})</;
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** An event that a logger wrote as an element of XML. */
export interface XmlEvent {
  readonly level: string | undefined;
  readonly message: string;
  readonly logger: string | undefined;
  readonly thread: string | undefined;
}

/** The name of the element that begins here, if it is a log event's. */
export function xmlElementAt(text: string): string | undefined {
  const first = text.charCodeAt(0);
  if (first !== 60 && first !== 32 && first !== 9) return undefined;
  const name = opening.exec(text)?.[1];
  return name !== undefined && ELEMENTS.includes(name) ? name : undefined;
}

/** Undefined for text that is no whole event, or says neither level nor message. */
export function readXmlEvent(text: string): XmlEvent | undefined {
  const name = xmlElementAt(text);
  if (name === undefined || !text.trimEnd().endsWith(`</${name}>`)) return undefined;
  const said = level.exec(text);
  const start = message.exec(text);
  if (said === null || start === null) return undefined;
  const from = start.index + start[0].length;
  const isCharacters = start[0].endsWith("[");
  const end = text.indexOf(isCharacters ? "]]>" : "</", from);
  if (end < 0) return undefined;
  const inner = text.slice(from, end);
  return {
    level: said[1] ?? said[2],
    message: isCharacters ? inner : withoutEntities(inner),
    logger: firstOf(logger, text),
    thread: firstOf(thread, text),
  };
}

function firstOf(pattern: RegExp, text: string): string | undefined {
  const found = pattern.exec(text);
  return found?.[1] ?? found?.[2];
}

function withoutEntities(text: string): string {
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => ENTITIES[name] as string);
}
