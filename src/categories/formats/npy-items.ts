import { jsonText } from "./json-text.js";

/** One item of an array as a plain value: text, boolean, number, or bigint for integers. */
export type NpyItem = string | boolean | number | bigint;

/** How the items of a type are read and written. */
export interface ItemCodec {
  readonly itemBytes: number;
  read(bytes: Buffer, at: number): NpyItem;
  write(bytes: Buffer, at: number, value: NpyItem): void;
}

/** The types that the sidecar writes. */
const NUMBERS: Readonly<Record<string, ItemCodec>> = {
  "<f4": {
    itemBytes: 4,
    read: (bytes, at) => bytes.readFloatLE(at),
    write: (bytes, at, value) => void bytes.writeFloatLE(Number(value), at),
  },
  "<f8": {
    itemBytes: 8,
    read: (bytes, at) => bytes.readDoubleLE(at),
    write: (bytes, at, value) => void bytes.writeDoubleLE(Number(value), at),
  },
  "<i8": {
    itemBytes: 8,
    read: (bytes, at) => bytes.readBigInt64LE(at),
    write: (bytes, at, value) => void bytes.writeBigInt64LE(BigInt(value), at),
  },
  "<u8": {
    itemBytes: 8,
    read: (bytes, at) => bytes.readBigUInt64LE(at),
    write: (bytes, at, value) => void bytes.writeBigUInt64LE(BigInt(value), at),
  },
  "|b1": {
    itemBytes: 1,
    read: (bytes, at) => bytes.readUInt8(at) !== 0,
    write: (bytes, at, value) => void bytes.writeUInt8(value === true ? 1 : 0, at),
  },
};

/** Throws for a type that the sidecar does not write. */
export function codecOf(descr: string): ItemCodec {
  const width = textWidth(descr);
  const codec = width === undefined ? NUMBERS[descr] : textCodec(width);
  if (codec === undefined) throw new Error(`the type ${descr} is none that log-sidecar writes`);
  return codec;
}

/** So many characters do the numbers of a type need as text. */
const TEXT_WIDTHS: Readonly<Record<string, number>> = {
  "|b1": 5,
  "<i8": 20,
  "<u8": 20,
  "<f4": 24,
  "<f8": 24,
};

/**
 * The type that holds the items of both, as `numpy.concatenate` has it; numbers beside text become text. (A field that is missing in all
 * samples of a file is NaN there, whatever it is elsewhere.)
 */
export function commonType(a: string, b: string): string {
  if (a === b) return a;
  const [widthA, widthB] = [textWidth(a), textWidth(b)];
  if (widthA !== undefined || widthB !== undefined)
    return `<U${Math.max(widthA ?? TEXT_WIDTHS[a] ?? 1, widthB ?? TEXT_WIDTHS[b] ?? 1)}`;
  if (a === "|b1" || b === "|b1") {
    const other = a === "|b1" ? b : a;
    return other;
  }
  return "<f8";
}

function textWidth(descr: string): number | undefined {
  const width = /^<U(\d+)$/.exec(descr)?.[1];
  return width === undefined ? undefined : Number(width);
}

function textCodec(width: number): ItemCodec {
  return {
    itemBytes: width * 4,
    read(bytes, at) {
      let end = at + width * 4;
      while (end > at && bytes.readUInt32LE(end - 4) === 0) end -= 4;
      let text = "";
      for (let offset = at; offset < end; offset += 4)
        text += String.fromCodePoint(bytes.readUInt32LE(offset));
      return text;
    },
    write(bytes, at, value) {
      let offset = at;
      for (const letter of textOf(value)) {
        if (offset === at + width * 4) break;
        offset = bytes.writeUInt32LE(letter.codePointAt(0) ?? 0, offset);
      }
      bytes.fill(0, offset, at + width * 4);
    },
  };
}

/** As the arrays have it that hold both from the beginning: a missing number is empty. */
function textOf(value: NpyItem): string {
  if (typeof value === "string") return value;
  return Number.isNaN(value) ? "" : jsonText(value);
}
