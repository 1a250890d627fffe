import type { Level } from "../core/record.js";
import type { Entry } from "../reading/entries.js";
import { rowOf } from "../reading/rows.js";
import { visible } from "./visible.js";

interface TextOptions {
  /** Times are shown in this zone, as dates in file names are. */
  readonly timeZone: string;
  readonly color: boolean;
}

/** ECMA-48, "select graphic rendition". */
const LEVEL_COLORS: Readonly<Record<Level, string>> = {
  trace: "2",
  debug: "2",
  info: "32",
  warning: "33",
  error: "31",
  critical: "1;31",
};
const DIM = "2";
const CYAN = "36";
const LONGEST_LEVEL = 8;
/** Longer components push their line to the right, not all lines. */
const WIDEST_COMPONENT = 24;

/** Makes text for people: time, level, component and message of a record; time, table and cells of a row. */
export class TailText {
  readonly #color: boolean;
  readonly #format: Intl.DateTimeFormat;
  #second = "";
  #secondText = "";
  #width = 0;

  constructor({ timeZone, color }: TextOptions) {
    this.#color = color;
    // Sweden writes dates as ISO 8601 does.
    this.#format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  }

  /** One or more lines, with the line end. */
  of(entry: Entry): string {
    const text = entry.header === undefined ? this.#record(entry) : this.#row(entry);
    return `${this.#paint(DIM, this.#time(entry.ts))} ${text}\n`;
  }

  #record({ text }: Entry): string {
    const record = fieldsOf(text);
    if (record === undefined) return visible(text);
    const { level, component, event_type, message, severity, rule, tags = [] } = record;
    const marks = severity === undefined ? [] : [`[${[severity, rule, ...tags].join(" ")}]`];
    const said = message ?? [event_type, dataOf(text)].filter(Boolean).join(" ");
    return [
      this.#paint(LEVEL_COLORS[level], level.padEnd(LONGEST_LEVEL)),
      this.#paint(CYAN, this.#column(component)),
      ...marks.map(visible),
      // What goes on below belongs to the line above.
      visible(said).replaceAll("\n", "\n    "),
    ].join(" ");
  }

  #row(entry: Entry): string {
    const { table, columns } = rowOf(entry);
    const cells = Object.entries(columns).map(
      ([name, value]) => `${visible(name)}=${/^[^\s"=]+$/.test(value) ? visible(value) : quoted(value)}`,
    );
    return `${this.#paint(CYAN, this.#column(table))} ${cells.join(" ")}`;
  }

  #time(ts: string): string {
    const second = ts.slice(0, 19);
    if (second !== this.#second) {
      this.#second = second;
      this.#secondText = this.#format.format(new Date(`${second}Z`));
    }
    return `${this.#secondText}.${ts.slice(20, 23)}`;
  }

  #column(name: string): string {
    this.#width = Math.min(WIDEST_COMPONENT, Math.max(this.#width, name.length));
    return visible(name).padEnd(this.#width);
  }

  #paint(color: string, text: string): string {
    return this.#color ? `\u001b[${color}m${text}\u001b[0m` : text;
  }
}

interface StoredFields {
  readonly level: Level;
  readonly component: string;
  readonly event_type?: string;
  readonly message?: string;
  readonly rule?: string;
  readonly tags?: readonly string[];
  readonly severity?: string;
}

/** Undefined for a line that was damaged behind its front: it is shown as it stands. */
function fieldsOf(text: string): StoredFields | undefined {
  try {
    return JSON.parse(text) as StoredFields;
  } catch {
    return undefined;
  }
}

const DATA = ',"data":';

/** The app's object as the app wrote it. */
function dataOf(text: string): string {
  const start = text.indexOf(DATA);
  return start === -1 ? "" : text.slice(start + DATA.length, -1);
}

function quoted(value: string): string {
  return visible(JSON.stringify(value));
}
