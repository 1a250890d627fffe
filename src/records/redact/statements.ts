import type { Find } from "./finding.js";
import { secretNameOf } from "./names.js";
import { valueAt } from "./value-at.js";
import { isSecretValue } from "./values.js";

/** `PASSWORD 'x'`, `IDENTIFIED BY 'x'`, `IDENTIFIED WITH plugin BY 'x'`, `SET PASSWORD FOR bob = 'x'`, MySQL's `PASSWORD('x')`. */
const SQL =
  /\b(?:password(?: for [^\s=]{1,100} ?=)?|identified(?: with [\w'"`]{1,64})? (?:by|as)(?: password)?)[ \t]{0,4}(?:[ \t]|\()[ \t]{0,4}(?=\\?['"])/gi;
/** `CONFIG SET requirepass x` of Redis. */
const REDIS = /\b(?:requirepass|masterauth) {1,4}(?=[^\s:=])/gi;
/** `your OTP is 482913`. */
const SAID =
  /\b(?:otp|(?:verification|2fa|mfa|one[- ]time) (?:code|password|passcode)) is:? {1,4}(\d{4,10})(?!\d)/gi;

const PASSWORD = secretNameOf("password");

/** Passwords in statements of databases, and codes in sentences. */
export const findStatements: Find = (text, found) => {
  for (const pattern of [SQL, REDIS]) {
    for (const { index, 0: head } of text.matchAll(pattern)) {
      const [start, end] = valueAt(text, index + head.length, "");
      if (PASSWORD && end > start && isSecretValue(PASSWORD, text.slice(start, end)))
        found("name", start, end);
    }
  }
  for (const { index, 0: all, 1: code = "" } of text.matchAll(SAID)) {
    found("name", index + all.length - code.length, index + all.length);
  }
};
