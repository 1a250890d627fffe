import type { FieldAlias, FieldSource } from "../config/field-aliases.js";
import type { FieldReader } from "../core/decision.js";
import { SidecarError } from "../core/errors.js";
import type { LogRecord } from "../core/record.js";
import { groupReaders } from "./extract.js";
import { extractSchema } from "./extract-schema.js";
import { sigmaAccess } from "./fields.js";
import { applies, type Logsource, logsourceText } from "./logsource.js";
import { fieldPath, headsOf } from "./match/lookup.js";
import type { FieldAccess } from "./match/types.js";

/** How a Sigma rule of a log source reaches the fields of a record. */
export type AccessFor = (logsource: Logsource) => FieldAccess<LogRecord>;

/** Without aliases: every rule finds fields by their own names only. */
export const plainAccess: AccessFor = () => sigmaAccess;

/** What one entry of the settings says. */
interface AliasTable {
  readonly fields: FieldAlias["fields"];
  /** By the names of its `extract`. */
  readonly groups: ReadonlyMap<string, FieldReader>;
}

/**
 * With the aliases of the settings. Rules to which the same aliases apply share one access, so that they share an
 * index and each field is read and folded once for all of them.
 * @throws SidecarError SETTINGS_INVALID for an `extract` that is none
 */
export function aliasAccess(aliases: readonly FieldAlias[]): AccessFor {
  const tables = aliases.map((alias) => ({ fields: alias.fields, groups: groupsOf(alias) }));
  const made = new Map<string, FieldAccess<LogRecord>>();
  return (logsource) => {
    const chosen = aliases.flatMap((alias, at) => (applies(alias.logsource, logsource) ? [at] : []));
    if (chosen.length === 0) return sigmaAccess;
    const key = chosen.join(" ");
    let access = made.get(key);
    if (access === undefined) {
      access = accessOf(chosen.map((at) => tables[at]!));
      made.set(key, access);
    }
    return access;
  };
}

function groupsOf({ logsource, extract }: FieldAlias): AliasTable["groups"] {
  if (extract === undefined) return new Map();
  const read = extractSchema.safeParse(extract);
  if (read.success) return groupReaders(read.data);
  const told = read.error.issues.map(({ path, message }) => `${["extract", ...path].join(".")}: ${message}`);
  throw new SidecarError(
    "SETTINGS_INVALID",
    `fieldAliases of ${logsourceText(logsource) || "all log sources"}: ${told.join("; ")}`,
  );
}

function accessOf(tables: readonly AliasTable[]): FieldAccess<LogRecord> {
  const sourcesOf = (name: string) => tables.find(({ fields }) => Object.hasOwn(fields, name))?.fields[name];
  const groupOf = (name: string) => tables.find(({ groups }) => groups.has(name))?.groups.get(name);
  const { keys } = sigmaAccess;
  return {
    ...sigmaAccess,
    field(name) {
      const own = sigmaAccess.field(name);
      const others = [readAll(sourcesOf(name) ?? [], groupOf), groupOf(name)].filter(
        (read) => read !== undefined,
      );
      if (others.length === 0) return own;
      return (record) => {
        let value = own(record);
        for (let at = 0; value === undefined && at < others.length; at++) value = others[at]!(record);
        return value;
      };
    },
    ...(keys && {
      keys: {
        each: keys.each,
        heads(name) {
          const heads = keys.heads(name);
          const others = sourcesOf(name)?.flatMap(({ fields }) => fields) ?? [];
          // What stands in a text says nothing of the keys that there must be.
          if (heads === undefined || [name, ...others].some((each) => groupOf(each) !== undefined))
            return undefined;
          return [...heads, ...others.flatMap(headsOf)];
        },
      },
    }),
  };
}

type FindGroup = (name: string) => FieldReader | undefined;

/** What the sources give together: one value, or an array of all, of which rules take any; undefined without sources. */
function readAll(sources: readonly FieldSource[], groupOf: FindGroup): FieldReader | undefined {
  if (sources.length === 0) return undefined;
  const readers = sources.map((source) => reader(source, groupOf));
  return (record) => {
    const found: unknown[] = [];
    for (const read of readers) {
      const value = read(record);
      if (value === undefined) continue;
      if (Array.isArray(value)) found.push(...value);
      else found.push(value);
    }
    return found.length > 1 ? found : found[0];
  };
}

function reader({ take, fields }: FieldSource, groupOf: FindGroup): FieldReader {
  const [first, second] = fields.map((name) => appField(name, groupOf(name)));
  if (first === undefined) return () => undefined;
  if (take === "value") return first;
  if (take === "uri") return (record) => uriOf(first(record), second?.(record));
  return (record) => {
    const value = first(record);
    return typeof value === "string" ? partOf(value, take) : undefined;
  };
}

/** A field of the app's own, or else what was extracted under its name. */
function appField(name: string, group: FieldReader | undefined): FieldReader {
  const path = fieldPath(name);
  return (record) => {
    const value = record.data === undefined ? undefined : path(record.data);
    return value === undefined ? group?.(record) : value;
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
