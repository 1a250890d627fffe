/**
 * Reads the pickles that PickledList writes: one list, item by item and frame by frame (protocol 4, opcodes as in CPython's
 * Lib/pickletools.py). Other opcodes are refused: a pickle of somebody else's could make its reader call anything.
 */

const PROTO = 0x80;
const FRAME = 0x95;
const HEAD_BYTES = 9;

/** The items of the list. Throws for anything but such a pickle, whole. */
export async function* pickledItems(source: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
  const machine = new Machine();
  let bytes: Buffer = Buffer.alloc(0);
  let isBegun = false;
  for await (const piece of source) {
    bytes = bytes.length === 0 ? piece : Buffer.concat([bytes, piece]);
    if (!isBegun) {
      if (bytes.length < 2) continue;
      if (bytes[0] !== PROTO) throw new Error("it is no pickle");
      bytes = bytes.subarray(2);
      isBegun = true;
    }
    for (let end = frameEnd(bytes); end !== undefined; end = frameEnd(bytes)) {
      yield* machine.run(bytes.subarray(HEAD_BYTES, end));
      bytes = bytes.subarray(end);
    }
  }
  if (!machine.isStopped || bytes.length > 0) throw new Error("it ends too early, or in something else");
}

/** Where the frame at the beginning ends; undefined while it is not there as a whole. */
function frameEnd(bytes: Buffer): number | undefined {
  if (bytes.length > 0 && bytes[0] !== FRAME) throw unreadable(bytes[0]!);
  if (bytes.length < HEAD_BYTES) return undefined;
  const end = HEAD_BYTES + Number(bytes.readBigUInt64LE(1));
  return end <= bytes.length ? end : undefined;
}

function unreadable(opcode: number): Error {
  return new Error(`it is none that log-sidecar wrote (opcode 0x${opcode.toString(16)})`);
}

/** The stack, the marks on it and the memo, as pickletools describes them. */
class Machine {
  isStopped = false;
  readonly #stack: unknown[] = [];
  readonly #marks: number[] = [];
  readonly #memo: unknown[] = [];
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;

  /** Runs a frame and gives the items of the list that are whole: the frames of PickledList end behind an item. */
  run(frame: Buffer): unknown[] {
    this.#bytes = frame;
    this.#at = 0;
    const whole: unknown[] = [];
    while (this.#at < frame.length) this.#step(this.#uint(1), whole);
    if (this.#marks.length === 1) whole.push(...this.#stack.splice(this.#marks[0]!));
    return whole;
  }

  #step(opcode: number, whole: unknown[]): void {
    const stack = this.#stack;
    switch (opcode) {
      case 0x5d: // EMPTY_LIST
        stack.push([]);
        break;
      case 0x7d: // EMPTY_DICT
        stack.push({});
        break;
      case 0x28: // MARK
        this.#marks.push(stack.length);
        break;
      case 0x65: // APPENDS
        this.#append(whole);
        break;
      case 0x75: // SETITEMS
        this.#setItems();
        break;
      case 0x94: // MEMOIZE
        this.#memo.push(stack.at(-1));
        break;
      case 0x68: // BINGET
        stack.push(this.#memo[this.#uint(1)]);
        break;
      case 0x6a: // LONG_BINGET
        stack.push(this.#memo[this.#uint(4)]);
        break;
      case 0x2e: // STOP
        this.isStopped = true;
        break;
      default:
        stack.push(this.#scalar(opcode));
    }
  }

  #scalar(opcode: number): unknown {
    switch (opcode) {
      case 0x4e: // NONE
        return null;
      case 0x88: // NEWTRUE
        return true;
      case 0x89: // NEWFALSE
        return false;
      case 0x4b: // BININT1
        return this.#uint(1);
      case 0x4d: // BININT2
        return this.#uint(2);
      case 0x4a: // BININT
        return this.#take(4).readInt32LE(0);
      case 0x8a: // LONG1
        return integerOf(this.#take(this.#uint(1)));
      case 0x8b: // LONG4
        return integerOf(this.#take(this.#uint(4)));
      case 0x47: // BINFLOAT
        return this.#take(8).readDoubleBE(0);
      case 0x8c: // SHORT_BINUNICODE
        return this.#take(this.#uint(1)).toString();
      case 0x58: // BINUNICODE
        return this.#take(this.#uint(4)).toString();
      default:
        throw unreadable(opcode);
    }
  }

  #append(whole: unknown[]): void {
    const items = this.#aboveMark();
    const list = this.#stack.at(-1);
    if (!Array.isArray(list)) throw unreadable(0x65);
    // The outermost list is never put together: its items go on.
    const into = this.#stack.length === 1 ? whole : list;
    for (const item of items) into.push(item);
  }

  #setItems(): void {
    const items = this.#aboveMark();
    const dict = this.#stack.at(-1);
    if (typeof dict !== "object" || dict === null) throw unreadable(0x75);
    for (let at = 0; at < items.length; at += 2) {
      const [key, value] = [String(items[at]), items[at + 1]];
      if (key === "__proto__")
        Object.defineProperty(dict, key, { value, writable: true, enumerable: true, configurable: true });
      else (dict as Record<string, unknown>)[key] = value;
    }
  }

  #aboveMark(): unknown[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw new Error("it is damaged");
    return this.#stack.splice(mark);
  }

  #uint(sizeBytes: number): number {
    return this.#take(sizeBytes).readUIntLE(0, sizeBytes);
  }

  #take(sizeBytes: number): Buffer {
    const end = this.#at + sizeBytes;
    if (end > this.#bytes.length) throw new Error("it is damaged");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

/** Two's complement, little-endian; a number where it is exact, else a bigint. */
function integerOf(bytes: Buffer): number | bigint {
  const hex = Buffer.from(bytes).reverse().toString("hex");
  const value = BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex || "0"}`));
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
