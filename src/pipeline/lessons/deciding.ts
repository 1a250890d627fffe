import type { LogRecord } from "../../core/record.js";
import { type Question, WHOLE_LINE } from "../../lane/questions.js";
import type { Slot } from "../../lane/slots.js";
import { nativeAccess, sigmaAccess } from "../../rules/fields.js";
import type { FieldAccess, Use } from "../../rules/match/types.js";
import type { AccessUses } from "../../rules/rule-uses.js";
import { type Looks, pathKey, pathOf, tracedData, tracedRecord } from "./traced.js";

/** What is known of a line whose shape is asked about. */
export interface UnderstoodLine {
  readonly record: LogRecord;
  readonly slots: readonly Slot[];
  /** Values that understanding looked at, but for the message. */
  readonly understood: ReadonlySet<string>;
  /** The slot whose text is the message, as it stands there. */
  readonly message: MessageSlot | undefined;
}

export interface MessageSlot {
  readonly slot: Slot;
  /** Signs with which a message would be read otherwise. */
  readonly unless: readonly string[];
}

/** Searching for more words would cost more than the long way. */
const MOST_WORDS = 64;
/** Looking one of these up costs the same however many there are; all of them stand in the lane's memory. */
const MOST_MEMBERS = 10_000;
/** Where a number stands among bounds is told in two bytes. */
const MOST_BOUNDS = 30_000;
/** Words that stand in the bytes of JSON as they do in its text. */
const PLAIN_WORD = /^[ !#-[\]-~]+$/;
/** Fields of a record that follow from what understanding looked at, or from the container. */
const KNOWN_FIELDS = new Set([
  "level",
  "component",
  "event_type",
  "tags",
  "stream",
  "container",
  "data",
  "wish",
]);

/** What counts of a slot; undefined: all of it. */
interface Counted {
  /** One of which it holds, … */
  readonly words: Set<string>;
  /** … or is as a whole. */
  readonly members: Set<string>;
  readonly bounds: Set<number>;
}

/**
 * What has to be asked about lines of a shape, so that those with the same answers have the same fate: each value that understanding
 * looked at, and what rules look at, as closely as they do. Undefined where rules look at what can't be asked.
 */
export function decidingQuestions(
  line: UnderstoodLine,
  rules: readonly AccessUses[],
): Question[] | undefined {
  const counted = new Map<number, Counted | undefined>();
  for (const slot of line.slots)
    if (line.understood.has(pathKey(slot.path))) counted.set(slot.index, undefined);
  if (line.message !== undefined) {
    counted.set(line.message.slot.index, { ...nothing(), words: new Set(line.message.unless) });
  }
  for (const { access, uses } of rules) {
    for (const use of uses) if (!countUse(use, access, line, counted)) return undefined;
  }
  return [...counted].map(([slot, what]) => questionOf(slot, what, line.slots));
}

/** Notes what the use counts of which slots. False where it looks at something that is no slot. */
function countUse(
  use: Use,
  access: FieldAccess<LogRecord>,
  line: UnderstoodLine,
  counted: Map<number, Counted | undefined>,
): boolean {
  if (use.field === undefined) return false;
  const isPlainName = isPlainField(use.field, access);
  if (use.how === "presence" && isPlainName) return true;
  const looks: Looks = { values: new Set(), fields: new Set() };
  const { record, slots, message } = line;
  const data = record.data && tracedData(record.data, looks);
  const found = access.field(use.field)(tracedRecord({ ...record, data }, looks));
  const below = pathOf(found);
  const isPlain = isPlainName && looks.values.size <= 1;
  for (const slot of slots) {
    const isBelow = below?.every((key, at) => slot.path[at] === key) === true;
    if (isBelow || (!isPlain && looks.values.has(pathKey(slot.path)))) counted.set(slot.index, undefined);
    else if (looks.values.has(pathKey(slot.path))) count(slot, use, counted);
  }
  for (const field of looks.fields) {
    if (field === "message" && message !== undefined) {
      if (isPlain) count(message.slot, use, counted);
      else counted.set(message.slot.index, undefined);
    } else if (field === "text") {
      if (use.how !== "words" || !isPlain) return false;
      count({ index: WHOLE_LINE, kind: "string" }, use, counted);
    } else if (!KNOWN_FIELDS.has(field) && field !== "message") return false;
  }
  return true;
}

/** What is found under the name is the value as it stands: neither worked out of values nor taken from other fields. */
function isPlainField(name: string, access: FieldAccess<LogRecord>): boolean {
  return (access === nativeAccess || access === sigmaAccess) && !/[()]/.test(name);
}

function count(
  { index, kind }: Pick<Slot, "index" | "kind">,
  { how, words, whole, bounds }: Use,
  counted: Map<number, Counted | undefined>,
): void {
  // Of these the shape tells all.
  if (kind === "true" || kind === "false" || kind === "null" || kind === "object") return;
  const known = counted.has(index) ? counted.get(index) : nothing();
  counted.set(index, known);
  if (known === undefined) return;
  const isText = kind === "string" && how === "words";
  const isNumber = kind === "number" && (how === "bounds" || (how === "words" && whole));
  if (!isText && !isNumber) {
    counted.set(index, undefined);
    return;
  }
  const texts = whole ? known.members : known.words;
  if (isText) for (const word of words) if (word !== "") texts.add(word);
  if (isNumber)
    for (const bound of [...bounds, ...words.map(Number)]) if (!Number.isNaN(bound)) known.bounds.add(bound);
  const isPlain = !isText || words.every((word) => word === "" || PLAIN_WORD.test(word));
  if (!isPlain || !isFew(known)) counted.set(index, undefined);
}

function nothing(): Counted {
  return { words: new Set(), members: new Set(), bounds: new Set() };
}

function isFew({ words, members, bounds }: Counted): boolean {
  const most = words.size === 0 ? MOST_MEMBERS : MOST_WORDS;
  return words.size + members.size <= most && bounds.size <= MOST_BOUNDS;
}

function questionOf(slot: number, what: Counted | undefined, slots: readonly Slot[]): Question {
  const kind = slots.find(({ index }) => index === slot)?.kind ?? "string";
  if (what === undefined) return { slot, kind: "value", words: [], bounds: [] };
  if (kind === "number") {
    return { slot, kind: "rank", words: [], bounds: [...what.bounds].sort((a, b) => a - b) };
  }
  const { words, members } = what;
  return words.size === 0 && members.size > 0
    ? { slot, kind: "members", words: [...members], bounds: [] }
    : { slot, kind: "words", words: [...words, ...members], bounds: [] };
}
