import { hasProcess } from "./evidence.js";
import { matchAt } from "./match.js";
import type { HeadWalk } from "./shape.js";

/** Numbers that stand behind a level without brackets, or right behind a name. */

const ZERO = 48;
const NINE = 57;
const counter = /0[\da-f]{2,3}(?= )/y;
/** A number may be a message's own. */
const process = /[1-9]\d{1,6}(?= \S)/y;
/** .NET's categories, with the number of the event. */
const numberedClass = /((?:[A-Z][\w$]{0,60}\.){1,12}[A-Z][\w$]{0,60})\[(\d{1,9})\](?= )/y;

/** A count of the lines, padded: `INFO 002 paid`. */
export function takeCounter(scan: HeadWalk): boolean {
  const found = scan.text.charCodeAt(scan.at) === ZERO ? matchAt(counter, scan.text, scan.at) : null;
  if (found === null) return false;
  scan.at += found[0].length;
  scan.keep("sequence", found[0]);
  return true;
}

/** A process id right behind the level, where all of the container's lines have the same there, or a colon between blanks sets it off. */
export function takeProcess(scan: HeadWalk): boolean {
  const { text, at, data } = scan;
  const first = text.charCodeAt(at);
  if (first <= ZERO || first > NINE || scan.process !== undefined) return false;
  const found = matchAt(process, text, at);
  if (found === null) return false;
  scan.process = Number(found[0]);
  const isSetOff = data.time !== undefined && text.startsWith(" : ", process.lastIndex);
  if ((!isSetOff && !hasProcess(scan.learned)) || data.pid !== undefined) return false;
  scan.at += found[0].length;
  scan.keep("pid", scan.process);
  return true;
}

/** `Microsoft.Hosting.Lifetime[14] Now listening`. */
export function takeNumberedClass(scan: HeadWalk): boolean {
  const found = matchAt(numberedClass, scan.text, scan.at);
  if (found === null) return false;
  scan.data.logger = found[1] as string;
  scan.data["event_id"] ??= Number(found[2]);
  scan.at += found[0].length;
  scan.commit();
  return true;
}
