import { ByteBuffer } from "./byte-buffer.js";
import { pickleScalar, pickleText } from "./pickle-scalar.js";

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
  readonly #bytes = new ByteBuffer(2 * FRAME_BYTES);
  #isFirstFrame = true;
  #itemsSinceMark = 0;
  readonly #keys = new Map<string, number>();

  constructor() {
    this.#bytes.uint8(OP.emptyList);
    this.#bytes.uint8(OP.mark);
  }

  /** Appends a value that came from JSON; scalars become what pickleScalar says. */
  append(item: unknown): void {
    if (this.#itemsSinceMark === BATCH) {
      this.#bytes.uint8(OP.appends);
      this.#bytes.uint8(OP.mark);
      this.#itemsSinceMark = 0;
    }
    this.#itemsSinceMark += 1;
    this.#value(item);
  }

  /** A finished frame if one is full, else undefined. */
  takeFrame(): Buffer | undefined {
    return this.#bytes.length >= FRAME_BYTES ? this.#takeAll() : undefined;
  }

  /** The last bytes of the pickle. */
  end(): Buffer {
    this.#bytes.uint8(OP.appends);
    this.#bytes.uint8(OP.stop);
    return this.#takeAll();
  }

  #takeAll(): Buffer {
    const head = this.#isFirstFrame ? [OP.proto, PROTOCOL, OP.frame] : [OP.frame];
    this.#isFirstFrame = false;
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(this.#bytes.length));
    return Buffer.concat([Buffer.from(head), size, this.#bytes.takeAll()]);
  }

  /** Without recursion: an app's object can be nested as deep as a line is long. */
  #value(root: unknown): void {
    const stack: Open[] = [];
    this.#begin(root, stack);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { children, keys, next } = top;
      const isEnd = next === children.length;
      if (isEnd || (next > 0 && next % BATCH === 0))
        this.#bytes.uint8(keys === undefined ? OP.appends : OP.setItems);
      if (isEnd) {
        stack.pop();
        continue;
      }
      if (next > 0 && next % BATCH === 0) this.#bytes.uint8(OP.mark);
      top.next += 1;
      if (keys !== undefined) this.#key(keys[next]!);
      this.#begin(children[next], stack);
    }
  }

  /** Writes a scalar, or the beginning of an array or object, which is put on the stack. */
  #begin(value: unknown, stack: Open[]): void {
    if (typeof value !== "object" || value === null) {
      pickleScalar(this.#bytes, value);
      return;
    }
    const isArray = Array.isArray(value);
    this.#bytes.uint8(isArray ? OP.emptyList : OP.emptyDict);
    this.#bytes.uint8(OP.mark);
    stack.push({
      children: isArray ? value : Object.values(value),
      keys: isArray ? undefined : Object.keys(value),
      next: 0,
    });
  }

  #key(key: string): void {
    const memo = this.#keys.get(key);
    if (memo === undefined) {
      pickleText(this.#bytes, key);
      if (this.#keys.size >= KEYS_KEPT) return;
      this.#bytes.uint8(OP.memoize);
      this.#keys.set(key, this.#keys.size);
    } else if (memo <= 0xff) {
      this.#bytes.uint8(OP.get);
      this.#bytes.uint8(memo);
    } else {
      this.#bytes.uint8(OP.longGet);
      this.#bytes.uint32(memo);
    }
  }
}
