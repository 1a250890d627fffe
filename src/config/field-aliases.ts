import { z } from "zod";
import { type LogsourceNamed, namedLogsource } from "./logsources.js";
import { WEB_FIELDS } from "./web-fields.js";

/** Where the value of a field stands that rules know under another name. */
export interface FieldSource {
  /**
   * `value`: the field as it is. `path` and `query`: that part of the address in it, or in a request's first line
   * (`GET /x HTTP/1.1`). `method` and `address`: that part of such a line. `uri`: path and query, which stand in two fields, as
   * one text.
   */
  readonly take: "value" | "path" | "query" | "method" | "address" | "uri";
  /** One, or two for `uri`. */
  readonly fields: readonly string[];
}

/** Other names of fields for the rules of one log source. */
export interface FieldAlias {
  /** Which rules: each attribute that is set equals the rule's. */
  readonly logsource: LogsourceNamed;
  /** By the name that rules use; of several sources all that a line has count. */
  readonly fields: Readonly<Record<string, readonly FieldSource[]>>;
  /** Further fields, out of a text: what rules say at `extract`, which know how to read it. */
  readonly extract?: unknown;
}

const FORM = /^(?:(path|query|method|address)\(([^(),]+)\)|(uri)\(([^(),]+),([^(),]+)\)|([^(),]+))$/;

const source = z.string().transform((text, context): FieldSource => {
  const [, part, address, uri, path, query, field] = FORM.exec(text.trim()) ?? [];
  if (part !== undefined && address !== undefined)
    return { take: part as FieldSource["take"], fields: [address.trim()] };
  if (uri !== undefined && path !== undefined && query !== undefined)
    return { take: "uri", fields: [path.trim(), query.trim()] };
  if (field !== undefined && field.trim() !== "") return { take: "value", fields: [field.trim()] };
  context.addIssue({
    code: "custom",
    message:
      "expected a field's name, path(FIELD), query(FIELD), method(FIELD), address(FIELD) or uri(FIELD, FIELD)",
  });
  return z.NEVER;
});

const sources = z.union([z.array(source).min(1), source.transform((one) => [one])], {
  error:
    "expected a field's name, path(FIELD), query(FIELD), method(FIELD), address(FIELD), uri(FIELD, FIELD), or a list of these",
});

const word = z.string().trim().min(1);

const entry = z
  .strictObject({
    category: word.optional(),
    product: word.optional(),
    service: word.optional(),
    fields: z.record(z.string().min(1), sources).default({}),
    extract: z.unknown().optional(),
  })
  .refine(({ fields, extract }) => extract !== undefined || Object.keys(fields).length > 0, {
    error: "names no field; write `fields` or `extract`",
  })
  .transform(
    ({ category, product, service, fields, extract }): FieldAlias => ({
      logsource: namedLogsource({ category, product, service }),
      fields,
      extract,
    }),
  );

/** The names that web server and proxy rules use, for access lines and common JSON access logs. */
const BUILT_IN_ALIASES: readonly FieldAlias[] = z
  .array(entry)
  .parse(["webserver", "proxy"].map((category) => ({ category, fields: WEB_FIELDS })));

/** `fieldAliases`: what is given counts before the built-in names, and takes their place where both name a field. */
export const fieldAliasesSchema = z
  .array(entry)
  .transform((given): readonly FieldAlias[] => [...given, ...BUILT_IN_ALIASES]);
