import type { Find, Found } from "./finding.js";

const MARK = "://";
/** What an address cannot go on with; an apostrophe it can (RFC 3986, 2.2), unless it stands in such quotes itself. */
const END = /[\s"`<>\\]|$/g;
const END_IN_QUOTES = /[\s"'`<>\\]|$/g;
const QUOTED = /'[A-Za-z][A-Za-z\d+.-]{0,30}$/;
/** A user that is a token: long, with letters and digits. */
const TOKEN = /^(?=[^@]{0,99}\d)(?=[^@]{0,99}[A-Za-z])[\w~+=-]{20,400}$/;
/** Go's MySQL driver: `user:password@tcp(host:3306)/db`; Oracle's thin driver: `thin:user/password@`. */
const OTHER_FORMS =
  /[\w.-]{1,64}:([^\s@"'`/]{1,200})@(?:tcp|unix|udp)\(|\bthin:[\w.-]{1,64}\/([^\s@"'`]{1,200})@/g;
const PORT = /^\d{1,5}(?:[/?#,]|$)/;

/**
 * Passwords in addresses: `postgres://user:password@host`. User and host stay. A password may hold a slash, and then it
 * reads like a path; a port is never taken for one. A user without a password is a secret where it looks like a token
 * (`https://TOKEN@host`).
 */
export const findUrlPasswords: Find = (text, found) => {
  if (!text.includes("@")) return;
  let end = 0;
  let mark = text.indexOf(MARK);
  while (mark >= 0) {
    const start = mark + MARK.length;
    if (start > end) end = endOfAddress(text, mark);
    findToken(text, start, end, found);
    const colon = within(text.indexOf(":", start), end);
    // Without a colon there is no further address in this run either.
    let next = colon < 0 ? end : start;
    if (colon > 0 && !isBefore(text, start, colon)) {
      const at = endOfPassword(text, colon, end);
      if (at > colon + 1) found("url", colon + 1, at);
      if (at < 0) next = end;
      else if (at > colon) next = at;
    }
    mark = text.indexOf(MARK, next);
  }
  for (const { index, 0: all, 1: go, 2: oracle } of text.matchAll(OTHER_FORMS)) {
    const start = index + all.indexOf(oracle === undefined ? ":" : "/") + 1;
    found("url", start, start + (go ?? oracle ?? "").length);
  }
};

function endOfAddress(text: string, mark: number): number {
  const pattern = QUOTED.test(text.slice(Math.max(0, mark - 32), mark)) ? END_IN_QUOTES : END;
  pattern.lastIndex = mark + MARK.length;
  return pattern.exec(text)?.index ?? text.length;
}

const LONGEST_TOKEN = 400;

function findToken(text: string, start: number, end: number, found: Found): void {
  const at = text.slice(start, Math.min(end, start + LONGEST_TOKEN)).indexOf("@");
  if (at > 0 && TOKEN.test(text.slice(start, start + at))) found("url", start, start + at);
}

function within(at: number, end: number): number {
  return at < end ? at : -1;
}

/** Whether what stands before the colon is no user: a path, or an IPv6 address. */
function isBefore(text: string, start: number, colon: number): boolean {
  const slash = text.indexOf("/", start);
  return (slash >= 0 && slash < colon) || text.charAt(start) === "[";
}

/** The `@` behind a password; 0 where a port stands in its place, -1 where there is none up to the end of the run. */
function endOfPassword(text: string, colon: number, end: number): number {
  const slash = within(text.indexOf("/", colon), end);
  const authority = slash < 0 ? end : slash;
  const last = text.lastIndexOf("@", authority);
  if (last > colon) return last;
  if (PORT.test(text.slice(colon + 1, Math.min(colon + 8, end)))) return 0;
  return within(text.indexOf("@", colon), end);
}
