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
  /** As it stands in the text, with its entities. */
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
  const end = text.indexOf(start[0].endsWith("[") ? "]]>" : "</", from);
  if (end < 0) return undefined;
  return {
    level: said[1] ?? said[2],
    message: text.slice(from, end),
    logger: firstOf(logger, text),
    thread: firstOf(thread, text),
  };
}

function firstOf(pattern: RegExp, text: string): string | undefined {
  const found = pattern.exec(text);
  return found?.[1] ?? found?.[2];
}

/** The message of an event with what its entities stand for; the same where `event` set it off as characters. */
export function withoutEntities(message: string, event: string): string {
  if (!message.includes("&") || event.includes("<![CDATA[")) return message;
  return message.replace(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => ENTITIES[name] as string);
}
