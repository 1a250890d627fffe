/**
 * Python's pickle format, protocol 4 (PEP 3154; opcodes as in CPython's Lib/pickletools.py), for values that came from JSON.
 * Only plain opcodes are written, nothing that makes Python call anything.
 */
const OP = {
  proto: 0x80,
  frame: 0x95,
  stop: 0x2e,
  mark: 0x28,
  emptyList: 0x5d,
  appends: 0x65,
  emptyDict: 0x7d,
  setItems: 0x75,
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
  memoize: 0x94,
  get: 0x68,
  longGet: 0x6a,
} as const;

const PROTOCOL = 4;
/** CPython ends a frame when it has grown past this size. */
const FRAME_BYTES = 65_536;
/** CPython's readers keep up to so many items on their stack before they go into the list or dict. */
const BATCH = 1000;
/** Keys that are written once and referred to afterwards. An app that makes up keys must not fill the memory. */
const KEYS_KEPT = 4096;

/** An array or object that is being written. */
interface Open {
  readonly children: readonly unknown[];
  /** Keys of the children, for an object. */
  readonly keys: readonly string[] | undefined;
  next: number;
}

/** Writes one list, item by item; the bytes are taken away frame by frame, so the list is never in memory as a whole. */
export class PickledList {
  #bytes = Buffer.allocUnsafe(2 * FRAME_BYTES);
  #length = 0;
  #isFirstFrame = true;
  #itemsSinceMark = 0;
  readonly #keys = new Map<string, number>();

  constructor() {
    this.#op(OP.emptyList);
    this.#op(OP.mark);
  }

  /** Appends a value: null and undefined become None; safe integers and bigints int, other numbers float (-0 is a float). */
  append(item: unknown): void {
    if (this.#itemsSinceMark === BATCH) {
      this.#op(OP.appends);
      this.#op(OP.mark);
      this.#itemsSinceMark = 0;
    }
    this.#itemsSinceMark += 1;
    this.#value(item);
  }

  /** A finished frame if one is full, else undefined. */
  takeFrame(): Buffer | undefined {
    return this.#length >= FRAME_BYTES ? this.#takeAll() : undefined;
  }

  /** The last bytes of the pickle. */
  end(): Buffer {
    this.#op(OP.appends);
    this.#op(OP.stop);
    return this.#takeAll();
  }

  #takeAll(): Buffer {
    const head = this.#isFirstFrame ? [OP.proto, PROTOCOL, OP.frame] : [OP.frame];
    this.#isFirstFrame = false;
    const frame = Buffer.allocUnsafe(head.length + 8 + this.#length);
    frame.set(head);
    frame.writeBigUInt64LE(BigInt(this.#length), head.length);
    this.#bytes.copy(frame, head.length + 8, 0, this.#length);
    this.#length = 0;
    return frame;
  }

  /** Without recursion: an app's object can be nested as deep as a line is long. */
  #value(root: unknown): void {
    const stack: Open[] = [];
    this.#begin(root, stack);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { children, keys, next } = top;
      const isEnd = next === children.length;
      if (isEnd || (next > 0 && next % BATCH === 0)) this.#op(keys === undefined ? OP.appends : OP.setItems);
      if (isEnd) {
        stack.pop();
        continue;
      }
      if (next > 0 && next % BATCH === 0) this.#op(OP.mark);
      top.next += 1;
      if (keys !== undefined) this.#key(keys[next]!);
      this.#begin(children[next], stack);
    }
  }

  /** Writes a scalar, or the beginning of an array or object, which is put on the stack. */
  #begin(value: unknown, stack: Open[]): void {
    if (typeof value !== "object" || value === null) {
      this.#scalar(value);
      return;
    }
    const isArray = Array.isArray(value);
    this.#op(isArray ? OP.emptyList : OP.emptyDict);
    this.#op(OP.mark);
    stack.push({
      children: isArray ? value : Object.values(value),
      keys: isArray ? undefined : Object.keys(value),
      next: 0,
    });
  }

  #scalar(value: unknown): void {
    switch (typeof value) {
      case "string":
        this.#text(value);
        break;
      case "number":
        if (Number.isSafeInteger(value) && !Object.is(value, -0)) this.#integer(value);
        else this.#float(value);
        break;
      case "bigint":
        this.#long(value);
        break;
      case "boolean":
        this.#op(value ? OP.true : OP.false);
        break;
      default:
        this.#op(OP.none);
    }
  }

  #integer(value: number): void {
    if (value >= 0 && value <= 0xff) {
      this.#op(OP.byte);
      this.#length = this.#room(1).writeUInt8(value, this.#length);
    } else if (value >= 0 && value <= 0xffff) {
      this.#op(OP.uint16);
      this.#length = this.#room(2).writeUInt16LE(value, this.#length);
    } else if (value >= -0x8000_0000 && value <= 0x7fff_ffff) {
      this.#op(OP.int32);
      this.#length = this.#room(4).writeInt32LE(value, this.#length);
    } else {
      this.#long(BigInt(value));
    }
  }

  /** Two's complement, little-endian, in as few bytes as hold the sign too. */
  #long(value: bigint): void {
    const digits = (value < 0n ? -value - 1n : value).toString(16);
    const size = Math.floor((digits.length * 4) / 8) + 1;
    let hex = BigInt.asUintN(size * 8, value)
      .toString(16)
      .padStart(size * 2, "0");
    if (hex.length % 2 === 1) hex = `0${hex}`;
    const bytes = Buffer.from(hex, "hex").reverse();
    if (bytes.length <= 0xff) {
      this.#op(OP.long1);
      this.#length = this.#room(1).writeUInt8(bytes.length, this.#length);
    } else {
      this.#op(OP.long4);
      this.#length = this.#room(4).writeInt32LE(bytes.length, this.#length);
    }
    this.#put(bytes);
  }

  /** IEEE 754 double, big-endian. */
  #float(value: number): void {
    this.#op(OP.float);
    this.#length = this.#room(8).writeDoubleBE(value, this.#length);
  }

  #key(key: string): void {
    const memo = this.#keys.get(key);
    if (memo !== undefined) {
      this.#op(memo <= 0xff ? OP.get : OP.longGet);
      this.#length =
        memo <= 0xff
          ? this.#room(1).writeUInt8(memo, this.#length)
          : this.#room(4).writeUInt32LE(memo, this.#length);
      return;
    }
    this.#text(key);
    if (this.#keys.size >= KEYS_KEPT) return;
    this.#op(OP.memoize);
    this.#keys.set(key, this.#keys.size);
  }

  /** UTF-8; a lone half of a surrogate pair, which Python could read but not print, becomes U+FFFD. */
  #text(text: string): void {
    const bytes = Buffer.from(text);
    if (bytes.length <= 0xff) {
      this.#op(OP.shortText);
      this.#length = this.#room(1).writeUInt8(bytes.length, this.#length);
    } else {
      this.#op(OP.text);
      this.#length = this.#room(4).writeUInt32LE(bytes.length, this.#length);
    }
    this.#put(bytes);
  }

  #put(bytes: Buffer): void {
    bytes.copy(this.#room(bytes.length), this.#length);
    this.#length += bytes.length;
  }

  #op(code: number): void {
    this.#length = this.#room(1).writeUInt8(code, this.#length);
  }

  /** The buffer, grown so that `size` more bytes fit. */
  #room(size: number): Buffer {
    if (this.#length + size > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + size));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    return this.#bytes;
  }
}
