import { levelInside } from "./level-words.js";
import { matchAt } from "./match.js";
import type { HeadData, HeadWalk } from "./shape.js";

/** Looks at what stands around a bracket. */

const SPACE = 32;
const pairsBehind = /(?: \[[^\s=[\]]{1,100}=[^\]]{0,1000}\]){1,20}$/y;
const bracketed = /[[(<](?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)[\])>]/y;
const behindProgram =
  /(?:[A-Za-z][\w./-]{0,60}\[\d{1,10}\]: )?(?:debug|info|notice|warning|error|fatal|critical): /y;

export function isOpening(code: number): boolean {
  return code === 91 || code === 40 || code === 60 || code === 123;
}

/** Behind a place in its bracket a word in the last one, or before pairs in brackets, is what is said. */
export function isSaid({ data, text, level }: HeadWalk, content: string, close: number): boolean {
  if (level === undefined || data.source === undefined || content.includes("=")) return false;
  return close + 1 === text.length || matchAt(pairsBehind, text, close + 1) !== null;
}

/** A place in the source, or an id that another bracket follows. */
export function isBraced(text: string, content: string, close: number): boolean {
  if (/\.\w{1,5}:\d/.test(content)) return true;
  return /^[\w-]{1,60}$/.test(content) && isOpening(text.charCodeAt(close + 2));
}

/** Whether a level stands behind a blank, in capitals or in brackets; behind a time also a program's with a colon. */
export function isLevelBehind(text: string, behind: number, { time }: HeadData): boolean {
  if (text.charCodeAt(behind) !== SPACE) return false;
  const at = behind + 1;
  const first = text.charCodeAt(at);
  const second = text.charCodeAt(at + 1);
  if (first >= 65 && first <= 90 && second >= 65 && second <= 90) return levelInside(text, at) !== undefined;
  if (matchAt(bracketed, text, at) !== null) return true;
  return time !== undefined && matchAt(behindProgram, text, at) !== null;
}
