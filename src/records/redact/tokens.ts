import { isUtf8 } from "node:buffer";
import type { Find } from "./finding.js";

const HEAD = "eyJ";
const RUN = /[A-Za-z0-9_-]*/y;
const DOT = 46;

/**
 * JSON Web Tokens (RFC 7519): two to five runs of base64url with dots between, the first of which begins with `{"` and
 * mostly the second too.
 */
export const findJwts: Find = (text, found) => {
  let start = text.indexOf(HEAD);
  while (start >= 0) {
    let end = endOfRun(text, start);
    const header = end - start;
    let parts = 1;
    while (text.charCodeAt(end) === DOT && parts < 5) {
      const next = endOfRun(text, end + 1);
      // An encrypted token's second part may be empty.
      if (next === end + 1 && parts > 1) break;
      end = next;
      parts += 1;
    }
    if (parts > 1 && header >= 10 && end - start >= 24) found("jwt", start, end);
    start = text.indexOf(HEAD, end);
  }
};

function endOfRun(text: string, start: number): number {
  RUN.lastIndex = start;
  RUN.test(text);
  return RUN.lastIndex;
}

const SCHEME = /\b(bearer|basic) {1,4}([\w.~+/-]{4,}={0,2})/gi;
const SHORTEST_BEARER = 16;

/** HTTP credentials (RFC 6750, RFC 7617) wherever they stand: `Bearer` and a token with digits, `Basic` and base64 of `user:password`. */
export const findHttpCredentials: Find = (text, found) => {
  for (const { index, 0: all, 1: scheme = "", 2: token = "" } of text.matchAll(SCHEME)) {
    const secret =
      scheme.length === "bearer".length
        ? token.length >= SHORTEST_BEARER && /\d/.test(token)
        : saysUserAndPassword(token);
    if (secret) found("bearer", index + all.length - token.length, index + all.length);
  }
};

/** Words that follow `basic` in prose are base64 too, but not of text with a colon; and no base64 has a letter over. */
function saysUserAndPassword(token: string): boolean {
  if (token.replace(/=+$/, "").length % 4 === 1) return false;
  const bytes = Buffer.from(token.slice(0, 1024), "base64");
  return bytes.includes(":") && isUtf8(bytes) && bytes.every((byte) => byte >= 32);
}
