import type { Find } from "./finding.js";

const MARK = "://";
/** What an address cannot go on with. */
const END = /[\s"'`<>\\]|$/g;
const PORT = /^\d{1,5}(?:[/?#,]|$)/;

/**
 * Passwords in addresses: `postgres://user:password@host`. User and host stay. A password may hold a slash, and then it
 * reads like a path; a port is never taken for one.
 */
export const findUrlPasswords: Find = (text, found) => {
  if (!text.includes("@")) return;
  let end = 0;
  let mark = text.indexOf(MARK);
  while (mark >= 0) {
    const start = mark + MARK.length;
    if (start > end) end = endOfAddress(text, start);
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
};

function endOfAddress(text: string, start: number): number {
  END.lastIndex = start;
  return END.exec(text)?.index ?? text.length;
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
