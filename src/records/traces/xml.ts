import { xmlElementAt } from "../heads/xml.js";
import { NOT_PART, never, type Trace } from "./trace.js";

const OPEN = 1;
const CLOSED = 2;
const closing = /^\s{0,8}<\/[A-Za-z][\w:]{1,20}>\s*$/;
const ENDS = /<\/(?:Event|log4j:event|event|record|entry)>\s*$/;

/** An event as an element of XML over several lines, up to its end. */
export const xmlEvent: Trace = {
  begins: /^[<\s]/,
  follow: never,
  start: (text) => (xmlElementAt(text) !== undefined && !ENDS.test(text) ? OPEN : NOT_PART),
  next: (state, text) => {
    if (state === CLOSED) return NOT_PART;
    return closing.test(text) && ENDS.test(text) ? CLOSED : OPEN;
  },
};
