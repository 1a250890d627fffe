import { readExactly } from "../../categories/exact-values.js";
import { jsonText } from "../../categories/formats/json-text.js";
import type { Dedupe } from "../../core/decision.js";
import type { LogRecord } from "../../core/record.js";
import { applyPatches, type Patch } from "../../records/edit/patch.js";
import { eachMember, endOfValue, stringAt } from "../../records/edit/walk.js";

/** Fields that say when a thing was logged, lower case: two records that differ in these alone are equal. */
const TIMES = new Set([
  "ts",
  "timestamp",
  "@timestamp",
  "time",
  "@t",
  "asctime",
  "datetime",
  "date",
  "log_time",
  "timemillis",
  "instant",
]);

const OPEN = 123;
const SEPARATOR = "\u0000";

/**
 * What two records have in common that are the same to a rule's `dedupe`: the container, and the values of `by`, else
 * level, component, event type, message and the app's object without its times, as text: numbers that JavaScript would round
 * to the same one stay different.
 */
export function equalKey(record: LogRecord, { rule, by }: Dedupe): string {
  const { container, level, component, event_type = "", message } = record;
  const front = `${rule}${SEPARATOR}${container.id}${SEPARATOR}`;
  if (by !== undefined) {
    const fields = by.map((read) => ({ name: "", read }));
    return front + readExactly(record, fields).map(jsonText).join(SEPARATOR);
  }
  const data = dataKey(record);
  const said = message ?? (data === "" ? record.text : "");
  return front + [level, component, event_type, said, data].join(SEPARATOR);
}

function dataKey({ data, dataText }: LogRecord): string {
  if (data === undefined) return "";
  const text = dataText ?? jsonText(data);
  return hasTimes(data) || hasTimes(data["metadata"]) ? withoutTimes(text) : text;
}

function hasTimes(object: unknown): boolean {
  if (typeof object !== "object" || object === null) return false;
  for (const name in object) if (TIMES.has(name.toLowerCase()) || name === "t") return true;
  return false;
}

/** The object's text without the values of its times, there and under `metadata`. */
function withoutTimes(text: string): string {
  const patches: Patch[] = [];
  const visit = (open: number, isTop: boolean) =>
    eachMember(text, open, (key, start) => {
      const name = stringAt(text, key);
      const end = endOfValue(text, start);
      if (TIMES.has(name.toLowerCase()) || isMongoTime(name, text, start)) {
        patches.push({ start, end, text: "" });
      } else if (isTop && name === "metadata" && text.charCodeAt(start) === OPEN) visit(start, false);
      return end;
    });
  visit(0, true);
  return applyPatches(text, patches);
}

/** `"t":{"$date":…}`, MongoDB's own. */
function isMongoTime(name: string, text: string, start: number): boolean {
  return name === "t" && text.startsWith('{"$date"', start);
}
