import { levelOfTags } from "../../heads/tags.js";
import type { TextReading, TextShape } from "./shape.js";

const LONGEST = 200;
const line = /^[A-Z][a-z]{2,8}: ([a-z][^:]{0,190}?) {0,2}$/;

function read(text: string): TextReading | undefined {
  if (text.length > LONGEST || !text.includes(",")) return undefined;
  const level = levelOfTags(line.exec(text)?.[1] ?? "");
  return level === undefined ? undefined : { level, message: text.trimEnd(), data: undefined };
}

/** Tags in the place of a level, behind a word that is none: `Debug: handler, error`. */
export const tagged: TextShape = { name: "tagged", general: true, begins: /^[A-Z]/, read };
