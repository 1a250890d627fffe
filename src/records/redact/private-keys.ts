import type { Find } from "./finding.js";

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const END = "-----END ";
const DASHES = "-----";
/** `RSA PRIVATE KEY` and the like. */
const LONGEST_LABEL = 60;

/** Private keys as PEM (RFC 7468) and PGP write them, on one line or many; one that is cut goes to the text's end. */
export const findPrivateKeys: Find = (text, found) => {
  if (!text.includes(DASHES)) return;
  for (const { index, 0: head } of text.matchAll(BEGIN)) {
    const end = text.indexOf(END, index + head.length);
    if (end < 0) return found("private-key", index, text.length);
    const label = end + END.length;
    const dashes = text.slice(label, label + LONGEST_LABEL).indexOf(DASHES);
    found("private-key", index, dashes < 0 ? text.length : label + dashes + DASHES.length);
  }
};
