/**
 * The .npy format, version 1.0: magic, version, length of the header, a Python dict literal padded with spaces so that the data
 * begins at a multiple of 64 bytes, then the array in C order.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */

/** One array as a .npy file. */
export interface NpyArray {
  /** NumPy's type string: `<f4`, `<i8`, `|b1`, `<U12`. */
  readonly descr: string;
  readonly shape: readonly number[];
  /** Bytes of all items, for sizing. */
  readonly sizeBytes: number;
  /** Texts that are longer than the array is wide. */
  readonly cut?: number;
  /** The items' bytes, little-endian, in pieces, each in memory of its own. */
  readonly pieces: () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0];
const ALIGNMENT = 64;
/** Items are encoded in pieces of about this size, so that no array needs to be in memory twice. */
const PIECE_BYTES = 65_536;

/** The bytes before the array's data. */
export function npyHeader({ descr, shape }: Pick<NpyArray, "descr" | "shape">): Uint8Array {
  // A tuple of one item has a comma behind it.
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const before = MAGIC.length + 2;
  const total = Math.ceil((before + dict.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = Buffer.alloc(total, " ");
  bytes.set(MAGIC);
  bytes.writeUInt16LE(total - before, MAGIC.length);
  bytes.write(dict, before, "latin1");
  bytes.write("\n", total - 1);
  return bytes;
}

/** float32 numbers; rows of `width` where it is given. `values` yields them in C order. */
export function float32Array(values: Float32Array, shape: readonly number[]): NpyArray {
  return fixedArray("<f4", 4, values, shape, (view, at, value) => view.setFloat32(at, value, true));
}

export function float64Array(values: ArrayLike<number>): NpyArray {
  return fixedArray("<f8", 8, values, [values.length], (view, at, value) => view.setFloat64(at, value, true));
}

export function int64Array(values: ArrayLike<bigint>): NpyArray {
  return fixedArray("<i8", 8, values, [values.length], (view, at, value) =>
    view.setBigInt64(at, value, true),
  );
}

export function uint64Array(values: ArrayLike<bigint>): NpyArray {
  return fixedArray("<u8", 8, values, [values.length], (view, at, value) =>
    view.setBigUint64(at, value, true),
  );
}

export function boolArray(values: ArrayLike<boolean>): NpyArray {
  return fixedArray("|b1", 1, values, [values.length], (view, at, value) => view.setUint8(at, value ? 1 : 0));
}

/**
 * Text of fixed width, four bytes a character (UTF-32); longer texts are cut at `width` characters, shorter ones padded with NUL, which
 * NumPy takes off again (and with it any NUL that a text ended in).
 */
export function textArray(values: ArrayLike<string>, width: number): NpyArray {
  return fixedArray(`<U${width}`, width * 4, values, [values.length], (view, at, value) => {
    let offset = at;
    for (const letter of value) {
      if (offset === at + width * 4) return;
      view.setUint32(offset, wellFormed(letter.codePointAt(0) ?? 0), true);
      offset += 4;
    }
  });
}

/** Half of a surrogate pair is no character: Python could read the text but not print it. */
function wellFormed(codePoint: number): number {
  return codePoint >= 0xd800 && codePoint <= 0xdfff ? 0xfffd : codePoint;
}

function fixedArray<T>(
  descr: string,
  itemBytes: number,
  values: ArrayLike<T>,
  shape: readonly number[],
  put: (view: DataView, at: number, value: T) => void,
): NpyArray {
  function* pieces(): Generator<Uint8Array> {
    const itemsAtOnce = Math.max(1, Math.floor(PIECE_BYTES / itemBytes));
    for (let start = 0; start < values.length; start += itemsAtOnce) {
      const count = Math.min(itemsAtOnce, values.length - start);
      const bytes = new Uint8Array(count * itemBytes);
      const view = new DataView(bytes.buffer);
      for (let item = 0; item < count; item += 1) put(view, item * itemBytes, values[start + item]!);
      yield bytes;
    }
  }
  return { descr, shape, sizeBytes: values.length * itemBytes, pieces };
}
