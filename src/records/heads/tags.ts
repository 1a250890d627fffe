import { LEVEL_RANK, type Level } from "../../core/record.js";
import { levelOfOrdinaryWord } from "./level-words.js";

const tags = /^[a-z][\w.-]{0,40}(?:, ?[a-z][\w.-]{0,40}){1,8}$/;
const TAGS = new Map<string, Level>([
  ["trace", "trace"],
  ["debug", "debug"],
  ["info", "info"],
  ["notice", "info"],
  ["warn", "warning"],
  ["warning", "warning"],
  ["error", "error"],
  ["fatal", "critical"],
  ["critical", "critical"],
]);

/** The worst level among tags between commas (`request, error`), as hapi prints them in the place of a level. */
export function levelOfTags(text: string): Level | undefined {
  if (!text.includes(",") || !tags.test(text)) return undefined;
  let worst: Level | undefined;
  for (const tag of text.split(/, ?/)) {
    const level = TAGS.get(tag);
    if (level !== undefined && (worst === undefined || LEVEL_RANK[level] > LEVEL_RANK[worst])) worst = level;
  }
  return worst;
}

/** Twisted's logger and level, Apache's module and level. */
const nameFirst = /^([\w.$-]{0,100})[#:]([a-z]{4,8})\d?$/;
/** Yesod's level and source. */
const levelFirst = /^([A-Z][a-z]{3,7})#([\w.-]{1,100})$/;

/** What a bracket with a name and a level says: `[shop.orders#info]`, `[core:notice]`, `[Debug#SQL]`. */
export function namedLevelOf(content: string): { readonly level: Level; readonly name: string } | undefined {
  const behind = nameFirst.exec(content);
  const last = behind === null ? undefined : levelOfOrdinaryWord(behind[2] as string);
  if (behind !== null && last !== undefined) return { level: last, name: behind[1] as string };
  const before = content.includes("#") ? levelFirst.exec(content) : null;
  const first = before === null ? undefined : levelOfOrdinaryWord(before[1] as string);
  return before === null || first === undefined ? undefined : { level: first, name: before[2] as string };
}
