import { fold } from "./text.js";
import type { FieldAccess } from "./types.js";

/** A field as rules of one access share it: its getter, and its text folded once for all of them. */
export interface FieldReader<S> {
  readonly name: string;
  readonly get: (subject: S) => unknown;
  /** `fold` that remembers the last text: a thousand rules about one field fold it once a line. */
  readonly folded: (text: string) => string;
}

/** The values that keywords search, in order, each folded once a line. */
export interface ValueReader<S> {
  readonly values: (subject: S) => Iterable<unknown>;
  readonly folded: (text: string, place: number) => string;
}

interface Readers {
  readonly fields: Map<string, FieldReader<unknown>>;
  readonly values: ValueReader<unknown>;
}

/** Readers live as long as the access they read through; rules that were reloaded share them with the old ones. */
const shared = new WeakMap<object, Readers>();

/** The reader of one field. */
export function readerOf<S>(access: FieldAccess<S>, name: string): FieldReader<S> {
  const { fields } = readersOf(access);
  let reader = fields.get(name) as FieldReader<S> | undefined;
  if (reader === undefined) {
    reader = { name, get: access.field(name), folded: rememberingFold() };
    fields.set(name, reader as FieldReader<unknown>);
  }
  return reader;
}

/** The reader of all values. */
export function valuesOf<S>(access: FieldAccess<S>): ValueReader<S> {
  return readersOf(access).values as ValueReader<S>;
}

/** Values of one line whose folded text is remembered. */
const REMEMBERED_VALUES = 256;

function readersOf<S>(access: FieldAccess<S>): Readers {
  let readers = shared.get(access);
  if (readers === undefined) {
    const folds: ((text: string) => string)[] = [];
    const values: ValueReader<S> = {
      values: (subject) => access.values(subject),
      folded: (text, place) => {
        if (place >= REMEMBERED_VALUES) return fold(text);
        folds[place] ??= rememberingFold();
        return folds[place](text);
      },
    };
    readers = { fields: new Map(), values: values as ValueReader<unknown> };
    shared.set(access, readers);
  }
  return readers;
}

function rememberingFold(): (text: string) => string {
  let last = "";
  let folded = "";
  return (text) => {
    if (text !== last) {
      last = text;
      folded = fold(text);
    }
    return folded;
  };
}
