import type { ComponentChild } from "preact";

/** ECMA-48 "select graphic rendition": the only sequences that do anything here, and only these of them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: what begins such a sequence
const COLOR = /\u001b\[([\d;]*)m/g;
const CLASSES: Readonly<Record<number, string>> = {
  1: "sgr-bold",
  2: "sgr-dim",
  3: "sgr-italic",
  4: "sgr-underline",
};

/** Control characters, and marks that turn the direction of writing: shown as signs, never acted upon. */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A longer text is cut until somebody asks for all of it: a browser lays out a megabyte slowly. */
export const LONGEST = 4_000;

/** An app's text with its colours, and with nothing else interpreted. */
export function Ansi({ text }: { readonly text: string }) {
  if (!text.includes("\u001b")) return <>{visible(text)}</>;
  const parts: ComponentChild[] = [];
  let classes: readonly string[] = [];
  let place = 0;
  for (const found of text.matchAll(COLOR)) {
    if (found.index > place) parts.push(span(text.slice(place, found.index), classes));
    classes = styled(classes, found[1]!);
    place = found.index + found[0].length;
  }
  parts.push(span(text.slice(place), classes));
  return <>{parts}</>;
}

export function visible(text: string): string {
  return text.replace(HIDDEN, (sign) => {
    const code = sign.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\ufffd";
  });
}

function span(text: string, classes: readonly string[]): ComponentChild {
  return classes.length === 0 ? visible(text) : <span class={classes.join(" ")}>{visible(text)}</span>;
}

function styled(before: readonly string[], codes: string): readonly string[] {
  let classes = [...before];
  for (const code of codes.split(";").map(Number)) {
    if (code === 0) classes = [];
    else if (CLASSES[code] !== undefined) classes.push(CLASSES[code]);
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
      classes = [...classes.filter((name) => !name.startsWith("sgr-fg")), `sgr-fg${code % 10}`];
    } else if (code === 39) classes = classes.filter((name) => !name.startsWith("sgr-fg"));
  }
  return classes;
}
