import { DATE_PARTS, type DatePart } from "./datepart.js";
import { nearestName } from "./nearest.js";
import { collectTransforms, ENCODINGS, type Transform, WIDENINGS } from "./transforms.js";

/** How a value is compared with its field. */
export type Comparison =
  | "text"
  | "re"
  | "cidr"
  | "gt"
  | "gte"
  | "lt"
  | "lte"
  | "number"
  | "exists"
  | "fieldref";

/** A key of a selection, understood: the field and what its modifiers ask for. */
export interface ItemPlan {
  /** Empty for keywords. */
  readonly field: string;
  readonly comparison: Comparison;
  readonly transforms: readonly Transform[];
  readonly datePart: DatePart | undefined;
  readonly regexFlags: {
    readonly ignoreCase: boolean;
    readonly multiline: boolean;
    readonly dotAll: boolean;
  };
  readonly cased: boolean;
  /** Whether every value must match, not any. */
  readonly all: boolean;
  readonly neq: boolean;
}

const COMPARISONS = ["re", "cidr", "gt", "gte", "lt", "lte", "exists", "fieldref"] as const;

const KNOWN = [
  ...Object.keys(WIDENINGS),
  ...Object.keys(ENCODINGS),
  ...COMPARISONS,
  ...Object.keys(DATE_PARTS),
  ...["all", "base64", "base64offset", "cased", "expand", "i", "m", "neq", "s", "windash"],
];

/** What may stand beside each comparison; `text` is the one without a modifier of its own. */
const BESIDE: Readonly<Record<Comparison, readonly string[]>> = {
  text: ["contains", "startswith", "endswith", "windash", "base64", "base64offset", "cased", "all", "neq"],
  re: ["contains", "startswith", "endswith", "i", "m", "s", "cased", "all", "neq"],
  fieldref: ["contains", "startswith", "endswith", "cased", "all", "neq"],
  cidr: ["all", "neq"],
  gt: ["all", "neq"],
  gte: ["all", "neq"],
  lt: ["all", "neq"],
  lte: ["all", "neq"],
  number: ["all", "neq"],
  exists: [],
};

/** The plan of a key such as `CommandLine|contains|all`, or why its modifiers make no sense. */
export function planItem(
  key: string,
): ItemPlan | { readonly reason: string; readonly unsupported?: boolean } {
  const [field = "", ...modifiers] = key.split("|");
  for (const modifier of modifiers) {
    if (modifier === "expand") {
      return {
        reason:
          "expand needs a list of values for each %placeholder%, which nothing here has; write the values",
        unsupported: true,
      };
    }
    if (!KNOWN.includes(modifier)) return { reason: unknownModifier(modifier) };
  }
  const comparison = findComparison(modifiers);
  if (typeof comparison !== "string") return comparison;
  const part = modifiers.find((modifier) => Object.hasOwn(DATE_PARTS, modifier)) as DatePart | undefined;
  const misplaced = findMisplaced(modifiers, comparison);
  if (misplaced !== undefined) return { reason: misplaced };
  if (field === "" && (comparison === "exists" || comparison === "fieldref")) {
    return { reason: `${comparison} needs a field in front of it` };
  }
  const transforms = collectTransforms(modifiers);
  if (!Array.isArray(transforms)) return transforms;
  return {
    field,
    comparison,
    transforms,
    datePart: part,
    regexFlags: {
      ignoreCase: modifiers.includes("i"),
      multiline: modifiers.includes("m"),
      dotAll: modifiers.includes("s"),
    },
    cased: modifiers.includes("cased"),
    all: modifiers.includes("all"),
    neq: modifiers.includes("neq"),
  };
}

function unknownModifier(modifier: string): string {
  if (modifier === "") return "a `|` is followed by no modifier";
  const hint = nearestName(modifier, KNOWN);
  return `\`${modifier}\` is no modifier${hint === "" ? `; there are ${KNOWN.sort().join(", ")}` : hint}`;
}

function findComparison(modifiers: readonly string[]): Comparison | { readonly reason: string } {
  const found = modifiers.filter((modifier) => (COMPARISONS as readonly string[]).includes(modifier));
  const parts = modifiers.filter((modifier) => Object.hasOwn(DATE_PARTS, modifier));
  const first = found[0] as Comparison | undefined;
  if (found.length > 1 || parts.length > 1) {
    const both = (found.length > 1 ? found : parts).join(" and ");
    return { reason: `${both} can't be asked of one value; write two keys` };
  }
  if (parts.length === 0) return first ?? "text";
  if (first !== undefined && !["gt", "gte", "lt", "lte"].includes(first)) {
    return { reason: `${first} can't be asked of the number that ${parts[0]} takes from a date` };
  }
  return first ?? "number";
}

/** Why a modifier has no meaning beside or in front of the others. */
function findMisplaced(modifiers: readonly string[], comparison: Comparison): string | undefined {
  const compared = comparison === "re" ? modifiers.indexOf("re") : -1;
  for (const [at, modifier] of modifiers.entries()) {
    const encodes = comparison === "text" && Object.hasOwn(ENCODINGS, modifier);
    if (modifier === comparison || Object.hasOwn(DATE_PARTS, modifier) || encodes) continue;
    if ("ims".includes(modifier) && comparison !== "re") {
      return `${modifier} belongs to regular expressions: write re|${modifier}`;
    }
    if (!BESIDE[comparison].includes(modifier)) {
      return `${modifier} has no meaning beside ${comparison === "number" ? "a part of a date" : comparison}`;
    }
    if (at < compared && !["all", "neq", "cased"].includes(modifier)) {
      return `${modifier} can't stand in front of re; write re|${modifier}`;
    }
  }
  if (comparison === "re" && modifiers.includes("cased") && modifiers.includes("i")) {
    return "cased and i contradict each other";
  }
  return undefined;
}
