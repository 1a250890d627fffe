import { spellsColours, withoutColours, withoutSpelledColours } from "../core/colours.js";
import type { FieldReader } from "../core/decision.js";
import { levelOfNumber, levelOfWord } from "../core/level-words.js";
import { LEVEL_RANK, type LogRecord, OWN_PREFIX } from "../core/record.js";
import { fieldPath, headsOf, scalarsOf } from "./match/lookup.js";
import type { FieldAccess } from "./match/types.js";
import { ratioOf, readRatio } from "./ratio.js";

const wholeLine: FieldReader = ({ data, text }) => (data === undefined ? text : withoutSpelledColours(text));

/** What a record has beside the app's own object, under the names that rules use. */
const OWN: Readonly<Record<string, FieldReader>> = {
  ts: (record) => record.ts,
  level: (record) => record.level,
  component: (record) => record.component,
  event_type: (record) => record.event_type,
  message: (record) => record.message,
  stream: (record) => record.stream,
  line: wholeLine,
  text: wholeLine,
  tags: (record) => record.tags,
  repeated: (record) => record.repeated,
  last_ts: (record) => record.last_ts,
  "container.name": (record) => record.container.name,
  "container.host": (record) => record.container.host,
  "container.image": (record) => record.container.image,
  "compose.project": (record) => record.container.composeProject,
  "compose.service": (record) => record.container.composeService,
};

/** The names that a record has beside the app's object. */
export const recordNames: readonly string[] = Object.keys(OWN);

/** Apps have fields of these names and mean something else by them (a text to classify, a line of source, a stream of quotes). */
const APP_FIRST = new Set(["line", "text"]);
/** In what is written they are the app's as well: nobody asks for the sidecar's in a table that has the app's. */
const APP_FIRST_IN_VALUES = new Set([...APP_FIRST, "ts", "stream", "repeated", "last_ts"]);

const LABEL_PREFIX = "container.labels.";
const DATA_PREFIX = "data.";
const LEVEL_ORDER: ReadonlyMap<string, number> = new Map(Object.entries(LEVEL_RANK));

function ownReader(name: string): FieldReader | undefined {
  if (name.startsWith(LABEL_PREFIX)) {
    const label = name.slice(LABEL_PREFIX.length);
    return (record) =>
      Object.hasOwn(record.container.labels, label) ? record.container.labels[label] : undefined;
  }
  const bare = name.startsWith(OWN_PREFIX) ? name.slice(OWN_PREFIX.length) : name;
  return Object.hasOwn(OWN, bare) ? OWN[bare] : undefined;
}

/**
 * A field as native rules name it when they match: the record's own first, then the app's object by exact key, by dotted
 * path, and under `metadata`, where v1.0 put what belongs to the event; of `text` and `line` the app's first.
 * `data.stream` asks the app's object alone, `log_sidecar.stream` the record alone.
 */
export function readField(name: string): FieldReader {
  return readerOf(name, APP_FIRST);
}

/**
 * A field whose value is written: a column, a feature, a label. As `readField`, but what the engine or the sidecar says
 * (`ts`, `stream`, …) never hides the app's own, and `level` not one that says no level (that of a game, 7).
 */
export function readValue(name: string): FieldReader {
  const read = readerOf(name, APP_FIRST_IN_VALUES);
  if (name !== "level") return read;
  const inData = dataReader(name);
  return (record) => {
    const said = inData(record);
    return isLevel(said) ? read(record) : said;
  };
}

/** Nothing said, or what a level was read out of. */
function isLevel(value: unknown): boolean {
  if (typeof value === "string") return levelOfWord(value) !== undefined;
  return typeof value === "number" ? levelOfNumber(value) !== undefined : value === undefined;
}

function readerOf(name: string, appFirst: ReadonlySet<string>): FieldReader {
  const ratio = ratioOf(name);
  if (ratio !== undefined) return readRatio(ratio, readField);
  const own = ownReader(name);
  const inData = dataReader(name);
  if (own === undefined) return inData;
  const [first, second] = appFirst.has(name) ? [inData, own] : [own, inData];
  return (record) => {
    const value = first(record);
    return value === undefined ? second(record) : value;
  };
}

function dataReader(name: string): FieldReader {
  const direct = fieldPath(name);
  const stripped = name.startsWith(DATA_PREFIX) ? fieldPath(strippedName(name)) : undefined;
  return (record) => {
    const data = record.data;
    if (data === undefined) return undefined;
    const value = direct(data);
    if (value !== undefined) return value;
    const meta = data["metadata"];
    const inner = meta === undefined ? undefined : direct(meta);
    return inner === undefined && stripped !== undefined ? stripped(data) : inner;
  };
}

function strippedName(name: string): string {
  return name.startsWith(DATA_PREFIX) ? name.slice(DATA_PREFIX.length) : name;
}

/** How native rules reach the fields of a record. */
export const nativeAccess: FieldAccess<LogRecord> = {
  field: readField,
  values: valuesOf,
  order: (name) => (name === "level" ? LEVEL_ORDER : undefined),
  keys: {
    // The keys of metadata count like the object's own: lines that have it would else be asked for every field.
    each: (record, visit) => {
      visitKeys(record.data, visit);
      visitKeys(record.data?.["metadata"], visit);
    },
    heads: (name) => {
      const asked = ratioOf(name)?.[0] ?? name;
      return ownReader(asked) === undefined
        ? [...headsOf(asked), ...headsOf(strippedName(asked))]
        : undefined;
    },
  },
};

/** How plain Sigma rules do: the app's own fields first, so that `level` or `text` are what the rule's author meant. */
export const sigmaAccess: FieldAccess<LogRecord> = {
  field(name) {
    const path = fieldPath(name);
    const own = ownReader(name);
    return (record) => {
      const value = record.data === undefined ? undefined : path(record.data);
      return value === undefined && own !== undefined ? own(record) : value;
    };
  },
  values: valuesOf,
  keys: {
    each: (record, visit) => visitKeys(record.data, visit),
    heads: (name) => (ownReader(name) === undefined ? headsOf(name) : undefined),
  },
};

/** JSON.parse's objects inherit no enumerable keys; walking them in place allocates nothing. */
function visitKeys(data: unknown, visit: (key: string) => void): void {
  if (typeof data === "object") for (const key in data) visit(key);
}

const OPEN = 123;

/**
 * What keywords search: every value of the app's JSON object; of other lines the text, and the values that were read
 * out of it (an access line's path and query stand apart there, and words in quotes without them). Colours are no
 * part of a text.
 */
function valuesOf({ data, text }: LogRecord): Iterable<unknown> {
  if (data === undefined) return [text];
  if (text.charCodeAt(0) !== OPEN) return [text, ...scalarsOf(data)];
  const values = scalarsOf(data);
  return spellsColours(text)
    ? values.map((value) => (typeof value === "string" ? withoutColours(value) : value))
    : values;
}
