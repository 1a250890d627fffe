import { applyPatches, type Patch } from "../edit/patch.js";
import { REDACTED } from "../edit/redact-paths.js";
import { eachElement, eachMember, endOfValue, type Span, stringAt } from "../edit/walk.js";
import { parseObject } from "../parse.js";
import { findCards, isCountingName } from "./cards.js";
import type { Keeps } from "./keep.js";
import { isValueBehind } from "./lists.js";
import { NAME_KEYS, VALUE_KEYS } from "./markup.js";
import { type SecretName, secretNameOf } from "./names.js";
import { mayHoldSecret } from "./suspicion.js";
import { type Count, redactText } from "./text.js";
import { isDescription, isSecretValue } from "./values.js";

const QUOTE = 34;
const OPEN_LIST = 91;
const OPEN = 123;
const REDACTED_JSON = JSON.stringify(REDACTED);
/** A shorter number is no card's. */
const SHORTEST_CARD = 13;
const DIGITS = /^\d+$/;
/** Under a secret's name these tell that there is none, or whether there is one. */
const NOTHING = new Set(['""', "null", "true", "false", "{}", "[]", REDACTED_JSON]);
/** Too short for all that is known by its form, and without the signs that a name's value stands behind. */
const PLAIN = /^[\w.-]*$/;
const LONGEST_PLAIN = 12;
/** As they are written: `name`, `Name`, `NAME`. */
const spellings = (words: string) =>
  new Set(
    words.split("|").flatMap((word) => [word, word.toUpperCase(), word[0]?.toUpperCase() + word.slice(1)]),
  );
const NAMES = spellings(NAME_KEYS);
const VALUES = spellings(VALUE_KEYS);
/**
 * An object's text with `[redacted]` in place of its secrets: what stands under a secret's name, as a whole, and what
 * is found in strings. Strings without a secret, numbers and spaces stay as they were written. `json` is valid JSON.
 */
export function redactJson(json: string, count: Count, keeps: Keeps): string {
  const patches = new JsonSecrets(json, count, keeps).find(json.search(/\{/));
  return patches.length === 0 ? json : applyPatches(json, patches);
}

class JsonSecrets {
  readonly #json: string;
  readonly #count: Count;
  readonly #keeps: Keeps;
  readonly #patches: Patch[] = [];

  constructor(json: string, count: Count, keeps: Keeps) {
    this.#json = json;
    this.#count = count;
    this.#keeps = keeps;
  }

  find(start: number): readonly Patch[] {
    this.#visitObject(start);
    return this.#patches;
  }

  /** `{"name":"DB_PASSWORD","value":"x"}`: the value is looked at when the name is known, whichever comes first. */
  #visitObject(start: number): number {
    let named: string | undefined;
    let value: Span | undefined;
    const end = eachMember(this.#json, start, (key, at) => {
      const name = stringAt(this.#json, key);
      if (VALUES.has(name) && this.#json.charCodeAt(at) === QUOTE) {
        if (value !== undefined) this.#visitValue(value.start, name);
        value = { start: at, end: endOfValue(this.#json, at) };
        return value.end;
      }
      const behind = this.#visitMember(key, name, at);
      if (NAMES.has(name) && this.#json.charCodeAt(at) === QUOTE)
        named = stringAt(this.#json, { start: at, end: behind });
      return behind;
    });
    if (value === undefined) return end;
    const secret = named === undefined ? undefined : secretNameOf(named);
    if (secret === undefined) this.#visitValue(value.start, named ?? "value");
    else this.#visitNamed(secret, named ?? "", value.start);
    return end;
  }

  #visitMember(key: Span, name: string, start: number): number {
    const secret = secretNameOf(name);
    if (secret !== undefined) return this.#visitNamed(secret, name, start);
    this.#visitString(key);
    return this.#visitValue(start, name);
  }

  #visitNamed(secret: SecretName, name: string, start: number): number {
    if (this.#keeps(name)) return this.#visitValue(start, name);
    const end = endOfValue(this.#json, start);
    const written = this.#json.slice(start, end);
    if (NOTHING.has(written)) return end;
    if (!this.#isSecret(secret, written, start)) return this.#visitValue(start, name);
    this.#replace({ start, end }, "name");
    return end;
  }

  #isSecret(name: SecretName, written: string, start: number): boolean {
    const first = written.charCodeAt(0);
    if (first === QUOTE) return isSecretValue(name, stringAt(written, { start: 0, end: written.length }));
    if (first === OPEN) return name.guard === undefined && !isDescription(written, 0);
    if (first !== OPEN_LIST) return isSecretValue(name, written);
    if (name.guard !== undefined) return false;
    let any = false;
    eachElement(this.#json, start, (at) => {
      const end = endOfValue(this.#json, at);
      any ||=
        this.#json.charCodeAt(at) !== QUOTE || isSecretValue(name, stringAt(this.#json, { start: at, end }));
      return end;
    });
    return any;
  }

  /** `name` is that of the member, or of the list that the value stands in. */
  #visitValue(start: number, name: string): number {
    const first = this.#json.charCodeAt(start);
    if (first === OPEN) return this.#visitObject(start);
    if (first === OPEN_LIST) return this.#visitList(start, name);
    const span = { start, end: endOfValue(this.#json, start) };
    if (first === QUOTE) this.#visitString(span, name);
    else this.#visitNumber(span, name);
    return span.end;
  }

  #visitList(start: number, name: string): number {
    let before: string | undefined;
    return eachElement(this.#json, start, (at) => {
      if (this.#json.charCodeAt(at) !== QUOTE) {
        before = undefined;
        return this.#visitValue(at, name);
      }
      const span = { start: at, end: endOfValue(this.#json, at) };
      const text = stringAt(this.#json, span);
      const secret = before !== undefined && !this.#keeps(before) && isValueBehind(before, text);
      if (secret && text !== REDACTED) this.#replace(span, "name");
      else this.#visitString(span, name);
      before = secret ? undefined : text;
      return span.end;
    });
  }

  #visitString(span: Span, name = ""): void {
    const text = stringAt(this.#json, span);
    if ((text.length <= LONGEST_PLAIN && PLAIN.test(text)) || !mayHoldSecret(text)) return;
    if (DIGITS.test(text) && this.#isCounted(name)) return;
    const redact = text.charCodeAt(0) === OPEN && parseObject(text) !== undefined ? redactJson : redactText;
    const redacted = redact(text, this.#count, this.#keeps);
    if (redacted !== text) this.#patches.push({ ...span, text: JSON.stringify(redacted) });
  }

  #visitNumber(span: Span, name: string): void {
    if (span.end - span.start < SHORTEST_CARD || this.#isCounted(name)) return;
    findCards(this.#json.slice(span.start, span.end), (kind) => this.#replace(span, kind), this.#keeps);
  }

  #isCounted(name: string): boolean {
    return isCountingName(name) || this.#keeps(name);
  }

  #replace(span: Span, kind: Parameters<Count>[0]): void {
    this.#patches.push({ ...span, text: REDACTED_JSON });
    this.#count(kind);
  }
}
