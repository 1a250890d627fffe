import type { Category } from "../core/record.js";
import type { DataFile } from "./data-file.js";
import type { Packed } from "./index-file.js";

/** What is left of a byte after compressing, by category: 0.1 is a tenth. */
export type Ratios = Readonly<Record<Category, number>>;

/** Taken until files of the category have been compressed here: what logs of web apps came to. */
const USUAL: Ratios = { raw: 0.12, summary: 0.25, training: 0.6, tagged: 0.12 };

/** The ratios that were measured on this volume. */
export function ratiosOf(packed: Readonly<Record<string, Packed>>): Ratios {
  const ratio = (category: Category): number => {
    const { plainBytes, packedBytes } = packed[category] ?? { plainBytes: 0, packedBytes: 0 };
    return plainBytes > 0 ? Math.min(1, packedBytes / plainBytes) : USUAL[category];
  };
  return {
    raw: ratio("raw"),
    summary: ratio("summary"),
    training: ratio("training"),
    tagged: ratio("tagged"),
  };
}

/** Bytes that compressing a file would free; all of them where its compressed successor is there already. */
export function savingOf({ category, bytes, compressed, superseded }: DataFile, ratios: Ratios): number {
  if (superseded) return bytes;
  return compressed ? 0 : Math.floor(bytes * (1 - ratios[category]));
}

/** Older measurements count for less once there is so much of them. */
const REMEMBERED_BYTES = 4e9;

/** The measurements with those of a run. */
export function withPackings(
  packed: Readonly<Record<string, Packed>>,
  done: readonly { step: string; category: Category; bytes: number; freedBytes: number }[],
): Readonly<Record<string, Packed>> {
  const compressed = done.filter(({ step }) => step === "compress");
  if (compressed.length === 0) return packed;
  const next: Record<string, Packed> = { ...packed };
  for (const { category, bytes, freedBytes } of compressed) {
    const { plainBytes, packedBytes } = next[category] ?? { plainBytes: 0, packedBytes: 0 };
    const weight = plainBytes > REMEMBERED_BYTES ? REMEMBERED_BYTES / plainBytes : 1;
    next[category] = {
      plainBytes: plainBytes * weight + bytes,
      packedBytes: packedBytes * weight + bytes - freedBytes,
    };
  }
  return next;
}
