import { NOT_PART, never, type Trace } from "./trace.js";

/** The states count the lines since the last that was the key's. */
const KEY = 1;
const LAST = 4;
const ENDED = 5;

const begin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----\s{0,8}$/;
const end = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/;
/** Base64, the headers of an encrypted key (`Proc-Type: …`), or nothing. */
const body = /^\s{0,80}(?:[A-Za-z0-9+/]{0,128}={0,2}|[A-Z][A-Za-z-]{0,20}: [^{]{0,200})\s{0,8}$/;

function start(text: string): number {
  const last = text.charCodeAt(text.length - 1);
  // A dash, or blanks behind it.
  if (last > 45 && last < 128) return NOT_PART;
  return text.includes("PRIVATE KEY") && begin.test(text) ? KEY : NOT_PART;
}

/** What other threads print between joins too, a few lines at a time: lines of a key that stand alone could not be told. */
function next(state: number, text: string): number {
  if (state === ENDED) return NOT_PART;
  if (end.test(text)) return ENDED;
  if (body.test(text)) return KEY;
  return state < LAST ? state + 1 : NOT_PART;
}

/** A private key that is printed as PEM (RFC 7468), so that it is redacted as a whole: from BEGIN to END, with what stands before BEGIN. */
export const privateKey: Trace = { follow: never, start, next };
