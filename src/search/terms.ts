import { levelOfWord } from "../core/level-words.js";

/** A text that lines must hold, or must not. Letters of ASCII match in both cases. */
export interface TextTerm {
  readonly not: boolean;
  readonly text: string;
  /** Whether the line's word may begin earlier (`*out`), or end later (`time*`). Both hold of what is quoted. */
  readonly openStart: boolean;
  readonly openEnd: boolean;
}

/** A field's test, as an item of the rules' matching language: `level|gte` and `error`. */
export interface FieldTerm {
  readonly not: boolean;
  readonly item: string;
  readonly value: string | number;
}

export interface Terms {
  readonly texts: readonly TextTerm[];
  readonly fields: readonly FieldTerm[];
}

/** A sign, a field's name with its colon (not that of an address or a drive), and a quoted or plain rest. */
const TERM = /(-?)(?:([A-Za-z_@][\w.@-]*):(?!\/\/|\\))?([<>]=?)?(?:"((?:[^"\\]|\\.)*)(?:"|$)|(\S+))/g;
const MODIFIERS: Readonly<Record<string, string>> = { ">": "|gt", ">=": "|gte", "<": "|lt", "<=": "|lte" };

/**
 * What somebody typed: words, `"several words"` as they stand, `time*`, `-without`, and `field:value`, `field:>5`, `level:>=error`.
 * Every text means something: what is no field's test is a word.
 */
export function parseTerms(typed: string): Terms {
  const texts: TextTerm[] = [];
  const fields: FieldTerm[] = [];
  for (const [whole, sign, field, order = "", quoted, plain = ""] of typed.matchAll(TERM)) {
    const not = sign === "-";
    const value = quoted === undefined ? plain : quoted.replace(/\\(.)/g, "$1");
    if (field !== undefined) fields.push({ not, ...itemOf(field, order, value) });
    else if (quoted !== undefined && order === "")
      texts.push({ not, text: value, openStart: true, openEnd: true });
    else texts.push(wordOf(not, not ? whole.slice(1) : whole));
  }
  return { texts: texts.filter(({ text }) => text !== ""), fields };
}

function itemOf(field: string, order: string, value: string): Pick<FieldTerm, "item" | "value"> {
  const item = `${field}${MODIFIERS[order] ?? ""}`;
  // Records have one name for each level. A number may be a level of another kind (a game's).
  const level = field === "level" && /[a-z]/i.test(value) ? levelOfWord(value) : undefined;
  if (level !== undefined) return { item, value: level };
  const number = Number(value);
  const isNumber = order !== "" && value !== "" && !Number.isNaN(number);
  return { item, value: isNumber ? number : value };
}

function wordOf(not: boolean, typed: string): TextTerm {
  const openStart = typed.startsWith("*");
  const openEnd = typed.length > 1 && typed.endsWith("*");
  return { not, text: typed.slice(openStart ? 1 : 0, openEnd ? -1 : undefined), openStart, openEnd };
}
