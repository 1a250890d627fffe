import type { ByteBuffer } from "./byte-buffer.js";

/** Opcodes of scalars (pickle protocol 4, CPython's Lib/pickletools.py). */
const OP = {
  none: 0x4e,
  true: 0x88,
  false: 0x89,
  byte: 0x4b,
  uint16: 0x4d,
  int32: 0x4a,
  long1: 0x8a,
  long4: 0x8b,
  float: 0x47,
  shortText: 0x8c,
  text: 0x58,
} as const;

/** Null and undefined become None; safe integers and bigints int, other numbers float (-0 is a float). */
export function pickleScalar(out: ByteBuffer, value: unknown): void {
  switch (typeof value) {
    case "string":
      pickleText(out, value);
      break;
    case "number":
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) pickleInteger(out, value);
      else pickleFloat(out, value);
      break;
    case "bigint":
      pickleLong(out, value);
      break;
    case "boolean":
      out.uint8(value ? OP.true : OP.false);
      break;
    default:
      out.uint8(OP.none);
  }
}

/** UTF-8; a lone half of a surrogate pair, which Python could read but not print, becomes U+FFFD. */
export function pickleText(out: ByteBuffer, text: string): void {
  const bytes = Buffer.from(text);
  if (bytes.length <= 0xff) {
    out.uint8(OP.shortText);
    out.uint8(bytes.length);
  } else {
    out.uint8(OP.text);
    out.uint32(bytes.length);
  }
  out.put(bytes);
}

function pickleInteger(out: ByteBuffer, value: number): void {
  if (value >= 0 && value <= 0xff) {
    out.uint8(OP.byte);
    out.uint8(value);
  } else if (value >= 0 && value <= 0xffff) {
    out.uint8(OP.uint16);
    out.uint16(value);
  } else if (value >= -0x8000_0000 && value <= 0x7fff_ffff) {
    out.uint8(OP.int32);
    out.int32(value);
  } else {
    pickleLong(out, BigInt(value));
  }
}

function pickleFloat(out: ByteBuffer, value: number): void {
  out.uint8(OP.float);
  out.doubleBE(value);
}

/** Two's complement, little-endian, in as few bytes as hold the sign too. */
function pickleLong(out: ByteBuffer, value: bigint): void {
  const digits = (value < 0n ? -value - 1n : value).toString(16);
  const topBit = Number.parseInt(digits.charAt(0), 16) >= 8 && digits.length % 2 === 0;
  const size = Math.ceil(digits.length / 2) + (topBit ? 1 : 0);
  const hex = BigInt.asUintN(size * 8, value)
    .toString(16)
    .padStart(size * 2, "0");
  if (size <= 0xff) {
    out.uint8(OP.long1);
    out.uint8(size);
  } else {
    out.uint8(OP.long4);
    out.int32(size);
  }
  out.put(Buffer.from(hex, "hex").reverse());
}
