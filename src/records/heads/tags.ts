import { LEVEL_RANK, type Level } from "../../core/record.js";

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
