import type { FieldAlias, FieldSource } from "../config/field-aliases.js";
import type { LogRecord } from "../core/record.js";
import { sigmaAccess } from "./fields.js";
import { applies, type Logsource } from "./logsource.js";
import { fieldPath, headsOf } from "./match/lookup.js";
import type { FieldAccess } from "./match/types.js";

/** How a Sigma rule of a log source reaches the fields of a record. */
export type AccessFor = (logsource: Logsource) => FieldAccess<LogRecord>;

/** Without aliases: every rule finds fields by their own names only. */
export const plainAccess: AccessFor = () => sigmaAccess;

/**
 * With the aliases of the settings. Rules to which the same aliases apply share one access, so that they share an
 * index and each field is read and folded once for all of them.
 */
export function aliasAccess(aliases: readonly FieldAlias[]): AccessFor {
  const made = new Map<string, FieldAccess<LogRecord>>();
  return (logsource) => {
    const chosen = aliases.flatMap((alias, at) => (applies(alias.logsource, logsource) ? [at] : []));
    if (chosen.length === 0) return sigmaAccess;
    const key = chosen.join(" ");
    let access = made.get(key);
    if (access === undefined) {
      access = accessOf(chosen.map((at) => aliases[at]!.fields));
      made.set(key, access);
    }
    return access;
  };
}

function accessOf(tables: readonly FieldAlias["fields"][]): FieldAccess<LogRecord> {
  const sourcesOf = (name: string) => tables.find((table) => Object.hasOwn(table, name))?.[name];
  const { keys } = sigmaAccess;
  return {
    ...sigmaAccess,
    field(name) {
      const own = sigmaAccess.field(name);
      const sources = sourcesOf(name);
      if (sources === undefined) return own;
      const found = readAll(sources);
      return (record) => {
        const value = own(record);
        return value === undefined ? found(record.data) : value;
      };
    },
    ...(keys && {
      keys: {
        each: keys.each,
        heads(name) {
          const heads = keys.heads(name);
          if (heads === undefined) return undefined;
          const others = sourcesOf(name)?.flatMap(({ fields }) => fields.flatMap(headsOf)) ?? [];
          return [...heads, ...others];
        },
      },
    }),
  };
}

/** What the sources give together: one value, or an array of all, of which rules take any. */
function readAll(sources: readonly FieldSource[]): (data: unknown) => unknown {
  const readers = sources.map(reader);
  return (data) => {
    if (data === undefined) return undefined;
    const found: unknown[] = [];
    for (const read of readers) {
      const value = read(data);
      if (value === undefined) continue;
      if (Array.isArray(value)) found.push(...value);
      else found.push(value);
    }
    return found.length > 1 ? found : found[0];
  };
}

function reader({ take, fields }: FieldSource): (data: unknown) => unknown {
  const [first, second] = fields.map(fieldPath);
  if (first === undefined) return () => undefined;
  if (take === "value") return first;
  if (take === "uri") return (data) => uriOf(first(data), second?.(data));
  return (data) => {
    const value = first(data);
    return typeof value === "string" ? partOf(value, take) : undefined;
  };
}

function uriOf(path: unknown, query: unknown): string | undefined {
  if (typeof path !== "string") return undefined;
  return typeof query === "string" && query !== "" ? `${path}?${query}` : path;
}

type Part = Exclude<FieldSource["take"], "value" | "uri">;

/** A request's first line (RFC 9112, 3). */
const REQUEST_LINE = /^([A-Z]{3,20}) (\S{1,16000})(?: HTTP\/\d(?:\.\d)?)?$/;

/**
 * Of `https://host/a?b#c`, alone or in `GET https://host/a?b#c HTTP/1.1`, the path `/a` or the query `b`; of the line the
 * method and the address as well. Undefined where there is no such part.
 */
function partOf(text: string, part: Part): string | undefined {
  const [, method, asked] = REQUEST_LINE.exec(text) ?? [];
  if (part === "method") return method;
  if (part === "address") return asked;
  const whole = (asked ?? text).split("#", 1)[0]!;
  const mark = whole.indexOf("?");
  if (part === "query") return mark < 0 ? undefined : whole.slice(mark + 1);
  const path = mark < 0 ? whole : whole.slice(0, mark);
  return path.replace(/^[a-z][a-z0-9+.-]{0,20}:\/\/[^/]*/i, "");
}
