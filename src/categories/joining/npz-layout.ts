import type { NpyHeader } from "../formats/npy-header.js";
import { codecOf, commonType, type NpyItem } from "../formats/npy-items.js";
import { NpzFile } from "../formats/npz-reader.js";
import { type JoinSource, misfit } from "./joined.js";

/** Beside it all arrays have an item a sample. */
export const CLASSES = "classes";
export const TIMES = "ts_ns";
export const LABEL = "label";

/** Types and shapes of a file's arrays, by name. */
export interface NpzLayout {
  readonly source: JoinSource;
  readonly arrays: ReadonlyMap<string, NpyHeader>;
  readonly classes: readonly string[] | undefined;
}

/** Throws when the file is none that the sidecar wrote. */
export async function readLayout(file: NpzFile, source: JoinSource): Promise<NpzLayout> {
  const arrays = new Map<string, NpyHeader>();
  for (const name of file.names) arrays.set(name, await file.header(name));
  const samples = arrays.get(TIMES)?.shape[0];
  if (samples === undefined) throw new Error(`it has no array ${TIMES}`);
  for (const [name, { descr, shape }] of arrays) {
    codecOf(descr);
    if (name !== CLASSES && shape[0] !== samples)
      throw new Error(`its array ${name} has ${shape[0]} items for ${samples} samples`);
  }
  const classes = arrays.has(CLASSES) ? (await readItems(file, CLASSES)).map(String) : undefined;
  return { source, arrays, classes };
}

/** All items of an array, in memory. */
export async function readItems(file: NpzFile, name: string): Promise<NpyItem[]> {
  const codec = codecOf((await file.header(name)).descr);
  const pieces: Buffer[] = [];
  for await (const piece of file.data(name)) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  return Array.from({ length: bytes.length / codec.itemBytes }, (_, item) =>
    codec.read(bytes, item * codec.itemBytes),
  );
}

/** The layout that holds the samples of both. Throws an error that names both files when there is none. */
export function commonLayout(first: NpzLayout, next: NpzLayout): NpzLayout {
  const unlike = (why: string) => misfit(first.source, next.source, why);
  const [missing] = [...first.arrays.keys()].filter((name) => !next.arrays.has(name));
  if (missing !== undefined) throw unlike(`only the first has ${missing}`);
  const [added] = [...next.arrays.keys()].filter((name) => !first.arrays.has(name));
  if (added !== undefined) throw unlike(`only the second has ${added}`);
  if (JSON.stringify(first.classes) !== JSON.stringify(next.classes)) {
    throw unlike(`their classes are ${first.classes?.join(", ")} and ${next.classes?.join(", ")}`);
  }
  const arrays = new Map<string, NpyHeader>();
  for (const [name, a] of first.arrays) {
    const b = next.arrays.get(name)!;
    const [widthA, widthB] = [rowShape(a), rowShape(b)];
    if (`${widthA}` !== `${widthB}`)
      throw unlike(`${name} has ${widthA} columns in the first, ${widthB} in the second`);
    arrays.set(name, { ...a, descr: commonType(a.descr, b.descr) });
  }
  return { ...first, arrays };
}

/** The shape of one sample's item. */
export function rowShape({ shape }: NpyHeader): number[] {
  return shape.slice(1);
}

/** Opens a file for some work and closes it behind it. */
export async function withNpz<T>(path: string, work: (file: NpzFile) => Promise<T>): Promise<T> {
  const file = await NpzFile.open(path);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}
