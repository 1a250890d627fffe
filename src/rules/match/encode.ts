import { DASH, DASHES, type Token } from "./tokens.js";

/** The byte forms that base64 can be asked for. */
export type TextEncoding = "utf8" | "utf16le" | "utf16be" | "utf16";

/** Dashes in one value that an encoding may spell out: 5 to the 4th power are 625 values. */
const MOST_DASHES = 4;

/**
 * Makes every dash that starts a word (`-` or its four relatives, nothing of a word in front, a word behind) stand
 * for all five. As in Python's `\B[-/]\b`, letters of every alphabet belong to words; JavaScript's \b knows only
 * ASCII. Wildcards bound a word like the ends of the value.
 */
export function windash(tokens: readonly Token[]): Token[] {
  const made: Token[] = [];
  for (const token of tokens) {
    if (typeof token !== "string") {
      made.push(token);
      continue;
    }
    let from = 0;
    for (const found of token.matchAll(/(?<![\p{L}\p{N}_])[-/\u2013\u2014\u2015](?=[\p{L}\p{N}_])/gu)) {
      if (found.index > from) made.push(token.slice(from, found.index));
      made.push(DASH);
      from = found.index + found[0].length;
    }
    if (from < token.length) made.push(token.slice(from));
  }
  return made;
}

/** Every plain text that the tokens stand for, or the reason why they can't be spelled out. */
export function spellOut(tokens: readonly Token[]): string[] | { readonly reason: string } {
  const dashes = tokens.filter((token) => token === DASH).length;
  if (dashes > MOST_DASHES) {
    return { reason: `windash leaves ${dashes} dashes to vary, more than ${MOST_DASHES} can't be encoded` };
  }
  let texts = [""];
  for (const token of tokens) {
    if (token === DASH) texts = texts.flatMap((text) => DASHES.map((dash) => text + dash));
    else if (typeof token === "string") texts = texts.map((text) => text + token);
    else return { reason: "wildcards can't be encoded; escape them (\\*, \\?) to mean the characters" };
  }
  return texts;
}

/** The bytes of a text: UTF-8, or UTF-16 in either order; `utf16` is little-endian behind its byte order mark. */
export function encodeText(text: string, encoding: TextEncoding): Buffer {
  switch (encoding) {
    case "utf8":
      return Buffer.from(text, "utf8");
    case "utf16le":
      return Buffer.from(text, "utf16le");
    case "utf16be":
      return Buffer.from(text, "utf16le").swap16();
    case "utf16":
      return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
  }
}

/**
 * What the bytes look like inside a longer Base64 text, at each of the three offsets: the letters that depend on
 * neighbours are cut off in front (0, 2, 3) and behind (by the length and offset). Empty ones are left out.
 */
export function base64Offsets(bytes: Buffer): string[] {
  const starts = [0, 2, 3];
  const ends = [0, 3, 2];
  return starts
    .map((start, offset) => {
      const encoded = Buffer.concat([Buffer.alloc(offset, " "), bytes]).toString("base64");
      return encoded.slice(start, encoded.length - ends[(bytes.length + offset) % 3]!);
    })
    .filter((text) => text !== "");
}

/** Tokens of a plain text. */
export function plainTokens(text: string): Token[] {
  return text === "" ? [] : [text];
}
