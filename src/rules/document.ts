import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
} from "yaml";
import { causeText } from "../core/errors.js";

/** Lines and columns count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where in a document: keys and positions from the top, and what about the last of them. */
export interface Spot {
  readonly path: readonly PropertyKey[];
  /** The key itself is meant, not what stands under it. */
  readonly atKey?: boolean | undefined;
  /** Character within the scalar. */
  readonly offset?: number | undefined;
}

/** One YAML document of a rule file as plain values, and the way back from a value to its place. */
export interface RuleDocument {
  readonly value: unknown;
  place(spot: Spot): Place;
}

export interface DocumentsRead {
  readonly documents: readonly RuleDocument[];
  readonly problems: readonly (Place & { readonly message: string })[];
}

/** Deeper than any rule; the parser works recursively and would end the process on a file made of brackets. */
const DEPTH_LIMIT = 100;

/** Reads all documents of a YAML 1.2 text. Those with errors are left out and their errors given. */
export function readDocuments(text: string): DocumentsRead {
  if (nestsTooDeep(text)) {
    const message = `brackets or list dashes are nested deeper than ${DEPTH_LIMIT}`;
    return { documents: [], problems: [{ line: 1, column: 1, message }] };
  }
  const lines = new LineCounter();
  // Numbers too large for a double stay digits: rules compare values as text.
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, intAsBigInt: true });
  const problems: (Place & { message: string })[] = [];
  const documents: RuleDocument[] = [];
  const placeOf = (position: number): Place => {
    const { line, col } = lines.linePos(position);
    return { line, column: col };
  };
  for (const document of Array.isArray(parsed) ? (parsed as Document.Parsed[]) : []) {
    const faults = faultsOf(document);
    for (const fault of faults) problems.push({ ...placeOf(fault.position), message: fault.message });
    if (faults.length > 0) continue;
    try {
      const value: unknown = document.toJS({ reviver: (_key, item) => plainNumber(item) });
      if (value === null || value === undefined) continue;
      documents.push({ value, place: (spot) => placeOf(positionOf(document, spot, text)) });
    } catch (cause) {
      // Aliases of aliases that would unfold into millions of values ("excessive alias count").
      problems.push({ line: 1, column: 1, message: `the YAML cannot be unfolded: ${causeText(cause)}` });
    }
  }
  return { documents, problems };
}

/** Asks the tokens only when the text has enough brackets or dashes to be deep at all. */
function nestsTooDeep(text: string): boolean {
  const brackets = text.split(/[[{]/, DEPTH_LIMIT + 2).length > DEPTH_LIMIT;
  if (!brackets && !/(?:[-?:][ \t]+){50}/.test(text)) return false;
  let flow = 0;
  let row = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === "[" || token === "{") flow++;
    else if (token === "]" || token === "}") flow--;
    else if (token.includes("\n")) row = 0;
    else if (token === "-" || token === "?") row++;
    if (flow > DEPTH_LIMIT || row > DEPTH_LIMIT) return true;
  }
  return false;
}

function faultsOf(document: Document.Parsed): { position: number; message: string }[] {
  const faults = [...document.errors, ...document.warnings].map((fault) => ({
    position: fault.pos[0],
    message: `YAML: ${fault.message.charAt(0).toLowerCase()}${fault.message.slice(1)}`,
  }));
  visit(document, {
    Alias(_key, alias, above) {
      const fault = aliasFault(alias, document, above);
      if (fault !== undefined) faults.push({ position: alias.range?.[0] ?? 0, message: fault });
    },
    Pair(_key, pair) {
      if (isNode(pair.key) && !isScalar(pair.key)) {
        faults.push({ position: pair.key.range?.[0] ?? 0, message: "a key must be a plain word" });
      }
    },
  });
  return faults;
}

function aliasFault(alias: Alias, document: Document, above: readonly unknown[]): string | undefined {
  const target = alias.resolve(document);
  if (target === undefined)
    return `\`*${alias.source}\` stands for nothing: no \`&${alias.source}\` above it`;
  return above.includes(target) ? `\`*${alias.source}\` contains itself` : undefined;
}

function plainNumber(value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

/** The deepest node on the way to the spot that exists, as a position in the text. */
function positionOf(document: Document.Parsed, spot: Spot, text: string): number {
  let node: Node | null = document.contents;
  let start = node?.range?.[0] ?? 0;
  for (const [depth, key] of spot.path.entries()) {
    if (isAlias(node)) node = node.resolve(document) ?? null;
    const last = depth === spot.path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (pair === undefined) return start;
      const keyStart = isNode(pair.key) ? (pair.key.range?.[0] ?? start) : start;
      node = isNode(pair.value) ? pair.value : null;
      start = (last && spot.atKey) || node === null ? keyStart : (node.range?.[0] ?? keyStart);
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(key)];
      if (!isNode(item)) return start;
      node = item;
      start = item.range?.[0] ?? start;
    } else return start;
  }
  return start + offsetIn(node, spot.offset ?? 0, text);
}

/** An offset holds for scalars that stand in the text as they are read; folded and escaped ones keep their start. */
function offsetIn(node: Node | null, offset: number, text: string): number {
  if (offset === 0 || !isScalar(node) || typeof node.value !== "string" || !node.range) return 0;
  const quote = /^QUOTE/.test(String(node.type)) ? 1 : 0;
  const start = node.range[0] + quote;
  return text.slice(start, start + offset) === node.value.slice(0, offset) ? quote + offset : 0;
}
