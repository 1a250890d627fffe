import type { Line } from "../../core/line.js";
import type { JsonObject, LogRecord } from "../../core/record.js";
import type { Question } from "../../lane/questions.js";
import type { Slot } from "../../lane/slots.js";
import type { LessonLine } from "../../lane/teacher.js";
import { createUnderstand } from "../../records/understand.js";
import type { RuleSet } from "../../rules/rule-set.js";
import { decidingQuestions, type MessageSlot } from "./deciding.js";
import { type Looks, pathKey, tracedData } from "./traced.js";

/** Messages that might be read as something else than text; the sign is what each of them can't do without. */
const ODD_MESSAGES: readonly { readonly text: string; readonly sign: string }[] = [
  { text: '{"level":"error","message":"Zq"}', sign: "{" },
  { text: "Zq {Zq} {0}", sign: "{" },
  { text: "[error] Zq", sign: "[" },
  { text: "level=error msg=Zq", sign: "=" },
  { text: "ERROR: Zq", sign: ":" },
  { text: "%s Zq %d", sign: "%" },
  { text: "<3>Zq <b>", sign: "<" },
  { text: "Zq 42 ERROR WARN", sign: "error" },
  { text: " Zq ", sign: " " },
  { text: "42", sign: "" },
];
const PLAIN_MESSAGE = "Zq7x";

let looks: Looks = { values: new Set(), fields: new Set() };
/** Secrets were looked for before. */
const understandTraced = createUnderstand({ observe: (data) => tracedData(data, looks) });
const understand = createUnderstand();

/**
 * What has to be asked about lines of this line's shape: understanding is watched while it reads it, and rules say what they look at.
 * With questions that are asked already, those and what is to be added. Undefined where it can't be told.
 */
export function studyShape(
  line: LessonLine,
  rules: RuleSet,
  asked: readonly Question[] = [],
): readonly Question[] | undefined {
  looks = { values: new Set(), fields: new Set() };
  const record = understandTraced(lineOf(line), line.container);
  if (record.data === undefined) return undefined;
  const plain = understand(lineOf(line), line.container);
  const message = findMessage(line, plain, looks.values);
  const understood = new Set(looks.values);
  if (message !== undefined) understood.delete(pathKey(message.slot.path));
  const found = decidingQuestions(
    { record: plain, slots: line.slots, understood, message },
    rules.usesOf(line.container),
  );
  return found && join(asked, found);
}

export function lineOf({ ts, stream, text }: Pick<LessonLine, "ts" | "stream" | "text">): Line {
  return { ts, stream, text, lines: 1, truncated: false, replaced: false };
}

/** The value of a slot whose text, whatever it is, becomes the message as it stands, and nothing else. */
function findMessage(
  line: LessonLine,
  record: LogRecord,
  read: ReadonlySet<string>,
): MessageSlot | undefined {
  const { message } = record;
  if (message === undefined) return undefined;
  for (const slot of line.slots) {
    if (slot.kind !== "string" || !read.has(pathKey(slot.path))) continue;
    if (decoded(slot) !== message || !isCopied(line, slot, PLAIN_MESSAGE, record)) continue;
    const unless = ODD_MESSAGES.filter(({ text }) => !isCopied(line, slot, text, record)).map(
      ({ sign }) => sign,
    );
    if (!unless.includes("")) return { slot, unless: [...new Set(unless)] };
  }
  return undefined;
}

function decoded({ text }: Slot): string {
  return JSON.parse(`"${text}"`) as string;
}

/** Whether with another text in the slot the record says that as its message, and else the same. */
function isCopied(line: LessonLine, { path }: Slot, text: string, before: LogRecord): boolean {
  const data = JSON.parse(line.text) as JsonObject;
  let place = data as Record<string, unknown>;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string, unknown>;
  place[path.at(-1)!] = text;
  const after = understand(lineOf({ ...line, text: JSON.stringify(data) }), line.container);
  return (
    after.message === text &&
    after.level === before.level &&
    after.component === before.component &&
    after.event_type === before.event_type &&
    after.wish === before.wish &&
    JSON.stringify(after.tags) === JSON.stringify(before.tags)
  );
}

/** What was asked before stays; where one of both asks for the value itself, that is asked. */
function join(asked: readonly Question[], found: readonly Question[]): readonly Question[] {
  const added = found.filter(({ slot, kind }) => {
    const known = asked.filter((question) => question.slot === slot);
    return known.length === 0 || (kind === "value" && !known.some((question) => question.kind === "value"));
  });
  const replaced = new Set(added.map(({ slot }) => slot));
  return added.length === 0 ? asked : [...asked.filter(({ slot }) => !replaced.has(slot)), ...added];
}
