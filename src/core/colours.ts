/** ESC and its one-byte relative CSI: without them a text has no colours. */
const ESCAPE = "\u001b";
const CSI = "\u009b";

/** Control sequences of ECMA-48 (colours, cursor), titles and links (OSC), and two-character escapes. */
const SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these sequences are made of control characters
  /(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,8}[@-~]|\u001b\][^\u0007\u001b]{0,2048}(?:\u0007|\u001b\\)|\u001b[ -/]?[0-Z\\^-~]/g;

/** The text without terminal colours and cursor movements. Costs next to nothing for text that has none. */
export function withoutColours(text: string): string {
  if (!text.includes(ESCAPE) && !text.includes(CSI)) return text;
  return text.replace(SEQUENCES, "");
}

/** ESC as JSON's strings spell it; a backslash before it makes it plain letters. */
const SPELLED = /((?:^|[^\\])(?:\\\\){0,8})\\u001[bB]\[[0-?]{0,64}[ -/]{0,8}[@-~]/g;

/** Whether a JSON text has colours inside its strings. */
export function spellsColours(json: string): boolean {
  return json.includes("\\u001b") || json.includes("\\u001B");
}

/** A JSON text without the colours inside its strings, to search in; what is stored stays as the app wrote it. */
export function withoutSpelledColours(json: string): string {
  if (!spellsColours(json)) return json;
  // Two that touch share the character between them.
  return json.replace(SPELLED, "$1").replace(SPELLED, "$1");
}
