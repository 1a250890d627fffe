import { isDigit } from "../../core/characters.js";
import { levelOfWord } from "../../core/level-words.js";
import { lettersAreLevels, namesAreFirst, wordsAreLevels } from "./evidence.js";
import { idBefore } from "./ids.js";
import { blanksBefore } from "./kinds.js";
import { beginsWithLetter, levelAtStart } from "./level-starts.js";
import { levelInside, paddedSignAt } from "./level-words.js";
import { matchAt } from "./match.js";
import { numberOrText } from "./names.js";
import * as patterns from "./patterns.js";
import type { HeadWalk } from "./shape.js";
import { endOfDated } from "./times.js";
import { mayHaveLevelNext } from "./words-ahead.js";

const DEBUG = 68;
const INFO = 73;

/** What only the beginning of a line may have: a level before everything, blanks that line it up, a name before a time or a level. */
export function beginHead(scan: HeadWalk): void {
  const { text } = scan;
  if (text.charCodeAt(0) === 32) {
    padded(scan);
    return;
  }
  if (takeIdBefore(scan)) return;
  if (text.charCodeAt(0) === 61) {
    const said = matchAt(patterns.report, text, 0);
    const level = said === null ? undefined : levelOfWord(said[1] as string);
    if (level !== undefined) scan.takeLevel({ level, end: patterns.report.lastIndex });
    return;
  }
  const level = levelAtStart(text, wordsAreLevels(scan.learned));
  if (level !== undefined) {
    scan.takeLevel(level);
    scan.coded = text.charCodeAt(0) === 60;
    return;
  }
  const first = text.charCodeAt(0);
  if (first < 65 || first > 122 || letterFirst(scan)) return;
  const place = text.includes(": ") ? matchAt(patterns.placeBeforeLevel, text, 0) : null;
  if (place !== null) {
    scan.tentative = { source: place[1] as string };
    scan.at = place[0].length;
    return;
  }
  const prefix =
    matchAt(patterns.gluedPrefix, text, 0) ??
    matchAt(patterns.wordBeforeTime, text, 0) ??
    (text.includes(": ") || text.includes(" - ") ? matchAt(patterns.nameBeforeLevel, text, 0) : null) ??
    (text.includes("\t") ? matchAt(patterns.namedColumn, text, 0) : null) ??
    nameThenLevel(scan);
  if (prefix !== null) {
    scan.tentative = { logger: prefix[1] as string };
    scan.at = prefix[0].length;
  }
}

/** A level of one letter, right before the time, or alone where the container's lines begin so. */
function letterFirst(scan: HeadWalk): boolean {
  const { text } = scan;
  const second = text.charCodeAt(1);
  const dated = isDigit(second) ? matchAt(patterns.letteredTime, text, 0) : null;
  if (dated === null && !(second === 32 && lettersAreLevels(scan.learned) && beginsWithLetter(text)))
    return false;
  const level = levelOfWord(text.charAt(0));
  if (level === undefined) return false;
  if (dated !== null) scan.data.time = dated[2] as string;
  return scan.takeLevel({ level, end: dated === null ? 1 : patterns.letteredTime.lastIndex });
}

/** At first sight only names with points, and levels that no sentence has for its second word. */
function nameThenLevel({ text, learned }: HeadWalk): RegExpExecArray | null {
  const found = mayHaveLevelNext(text) ? matchAt(patterns.nameThenLevel, text, 0) : null;
  if (found === null) return null;
  const level = text.charCodeAt(found[0].length);
  const isSure = level === DEBUG || level === INFO || (found[1] as string).includes(".");
  return isSure || namesAreFirst(learned) ? found : null;
}

function takeIdBefore(scan: HeadWalk): boolean {
  const found = idBefore(scan.text, scan.at);
  if (found === undefined) return false;
  scan.tentative = { pid: numberOrText(found.id) };
  scan.at = found.end;
  return true;
}

/** A level behind blanks: right behind one, or in the column where the container's levels stand. */
function padded(scan: HeadWalk): void {
  const { text, learned } = scan;
  let blanks = 0;
  while (text.charCodeAt(blanks) === 32) blanks += 1;
  const said = matchAt(patterns.paddedLevel, text, 0)?.[1];
  const level = said === undefined ? undefined : levelOfWord(said);
  const sign = paddedSignAt(text, blanks);
  const inColumn = level === undefined && blanks === learned?.column ? levelInside(text, blanks) : undefined;
  scan.at = blanks;
  if (takeIdBefore(scan)) return;
  if (blanks === blanksBefore(text) && endOfDated(text, blanks) >= 0) return;
  if (level !== undefined) scan.takeLevel({ level, end: patterns.paddedLevel.lastIndex });
  else if (inColumn !== undefined) scan.takeLevel(inColumn);
  else if (sign !== undefined) scan.takeLevel(sign);
  else scan.at = text.length;
}
