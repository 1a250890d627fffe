/** What stands before an array's data. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
export interface NpyHeader {
  /** NumPy's type string: `<f4`, `<i8`, `|b1`, `<U12`. */
  readonly descr: string;
  readonly shape: readonly number[];
  /** Where the data begins. */
  readonly dataAt: number;
}

const MAGIC = Buffer.from("\u0093NUMPY", "latin1");

/** Reads the header; undefined while `bytes` do not hold all of it. Throws when it is none, or of an array that is laid out otherwise. */
export function parseNpyHeader(bytes: Buffer): NpyHeader | undefined {
  if (bytes.length < 12) return undefined;
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error("it is no .npy array");
  const isLong = bytes.readUInt8(MAGIC.length) > 1;
  const dictAt = isLong ? 12 : 10;
  const dataAt = dictAt + (isLong ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  if (bytes.length < dataAt) return undefined;
  const dict = bytes.toString("latin1", dictAt, dataAt);
  const descr = /'descr':\s*'([^']+)'/.exec(dict)?.[1];
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(dict)?.[1];
  if (descr === undefined || shape === undefined || !/'fortran_order':\s*False/.test(dict))
    throw new Error(`its header cannot be used: ${dict.trim()}`);
  return {
    descr,
    shape: shape
      .split(",")
      .filter((part) => part.trim() !== "")
      .map(Number),
    dataAt,
  };
}
