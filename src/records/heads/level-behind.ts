import type { Level } from "../../core/record.js";
import { levelOfOrdinaryWord } from "./level-words.js";

/** A level in brackets behind the message, and perhaps a place in the source behind it: Pyramid's and others' formats. */
const behind = /[ \t][[(]([A-Z]{3,8})[\])](?:[ \t]\(([\w./-]{1,100}:\d{1,7})\))?$/;
const LONGEST = 140;

export interface LevelBehind {
  readonly level: Level;
  readonly message: string;
  readonly source: string | undefined;
}

/** The level that stands at the end of a line whose head says none. */
export function levelBehind(text: string): LevelBehind | undefined {
  const last = text.charCodeAt(text.length - 1);
  if (last !== 93 && last !== 41) return undefined;
  const found = behind.exec(text.slice(-LONGEST));
  const level = found === null ? undefined : levelOfOrdinaryWord(found[1] as string);
  if (found === null || level === undefined) return undefined;
  return { level, message: text.slice(0, text.length - found[0].length).trimEnd(), source: found[2] };
}
