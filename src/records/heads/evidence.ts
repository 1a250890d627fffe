import type { LearnedForm } from "../../core/line.js";

/** What was learned of a container decides what one line leaves open. */

/** Lines with the same number behind the level from which on it is believed to be the process. */
const ENOUGH = 3;

/** Whether a word behind the level that may be a logger's name is one: not where many of the lines have none. */
export function namesAreLoggers(learned: LearnedForm | undefined): boolean {
  if (learned === undefined) return true;
  return learned.unnamed * 16 <= learned.named;
}

/** The same of lines without a time, of which most have none: some in a row must have had one. */
export function namesWithoutTime(learned: LearnedForm | undefined): boolean {
  return (learned?.timeless ?? 0) > ENOUGH;
}

/** Whether a number behind the level is the process. */
export function hasProcess(learned: LearnedForm | undefined): boolean {
  return learned !== undefined && (learned.process ?? 0) > 0 && learned.score >= ENOUGH;
}

/** Whether a dotted word behind the level is a logger's name, though nothing sets it off: where words without a point were not more. */
export function dottedAreLoggers(learned: LearnedForm | undefined): boolean {
  return learned !== undefined && (learned.dotted ?? 0) >= 0;
}

/** Whether lines that begin with one of the words that sentences begin with too say their level so. */
export function wordsAreLevels(learned: LearnedForm | undefined): boolean {
  return learned?.kind === "word" || learned?.kind === "titled";
}

/** Whether lines that begin with a letter say their level so. */
export function lettersAreLevels(learned: LearnedForm | undefined): boolean {
  return learned?.kind === "letter" && learned.score > 1;
}

/** Whether lines that begin with a word and a level behind it are known to. */
export function namesAreFirst(learned: LearnedForm | undefined): boolean {
  return learned?.kind === "named";
}

/** Whether two forms have any line read alike. */
export function decideAlike(one: LearnedForm | undefined, other: LearnedForm | undefined): boolean {
  return (
    one === other ||
    (one?.column === other?.column &&
      namesAreLoggers(one) === namesAreLoggers(other) &&
      namesWithoutTime(one) === namesWithoutTime(other) &&
      hasProcess(one) === hasProcess(other) &&
      dottedAreLoggers(one) === dottedAreLoggers(other) &&
      kindsDecideAlike(one, other))
  );
}

/** Nearly always the kinds are the same. */
function kindsDecideAlike(one: LearnedForm | undefined, other: LearnedForm | undefined): boolean {
  if (one?.kind === other?.kind && one?.kind !== "letter") return true;
  return (
    wordsAreLevels(one) === wordsAreLevels(other) &&
    lettersAreLevels(one) === lettersAreLevels(other) &&
    namesAreFirst(one) === namesAreFirst(other)
  );
}
