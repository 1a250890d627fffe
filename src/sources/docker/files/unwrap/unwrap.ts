import { isAscii } from "node:buffer";
import { loadWasm, type Shown, type WasmExports } from "../../../../core/wasm.js";
import { TIME_CHARS } from "../../engine-times.js";
import type { Frame } from "../../frames.js";
import type { Entry } from "../entry.js";

/** What the module gives (assembly/index.ts). Addresses are numbers. */
interface Exports extends WasmExports {
  readonly ENTRIES: Shown;
  readonly INPUT: Shown;
  readonly MOST_INPUT: Shown;
  readonly OUTPUT: Shown;
  unwrap(from: number, to: number): number;
}

interface Module {
  readonly exports: Exports;
  readonly memory: Buffer;
  readonly words: Uint32Array;
}

export interface UnwrapSink {
  /** Its frame stands in memory that is another's when the next bytes are unwrapped. `end`: where the entry ends in the bytes. */
  entry(entry: Entry, end: number): void;
  /** Has to be read in another way: no entry of the usual form. */
  other(start: number, end: number): void;
}

/** One for all containers: whoever takes entries is done with their bytes before it returns to the event loop. */
let module: Module | undefined;

/**
 * Takes the messages out of whole lines of a json-file log, in their order. False where the module can't be had, or where there is not so
 * much room: nothing was done then.
 */
export function unwrapEntries(bytes: Buffer, sink: UnwrapSink): boolean {
  module ??= load();
  if (module === undefined || bytes.length > module.exports.MOST_INPUT.value) return false;
  module.memory.set(bytes, module.exports.INPUT.value);
  for (let from = 0; from < bytes.length; ) {
    const count = module.exports.unwrap(from, bytes.length);
    from = show(module, from, count, sink);
  }
  return true;
}

/** Gives the place behind the last entry. */
function show({ exports, memory, words }: Module, from: number, count: number, sink: UnwrapSink): number {
  const table = exports.ENTRIES.value / 4;
  const base = exports.OUTPUT.value;
  const written = words[table + count * 4 - 3]!;
  const ascii = isAscii(memory.subarray(base, written));
  const text = memory.toString("latin1", base, written);
  const frame = { buffer: memory, start: 0, end: 0, ts: "", raw: "" } satisfies Frame;
  let begun = from;
  for (let at = table; at < table + count * 4; at += 4) {
    const end = words[at + 2]!;
    const kind = words[at + 3]!;
    if (kind > 1) sink.other(begun, end);
    else {
      frame.start = words[at]!;
      frame.end = words[at + 1]!;
      const start = frame.start - base;
      frame.ts = text.substring(start, start + TIME_CHARS);
      frame.raw = text.substring(start + TIME_CHARS + 1, frame.end - base);
      sink.entry({ ts: frame.ts, raw: frame.raw, stream: kind === 0 ? 0 : 1, ascii, frame }, end);
    }
    begun = end;
  }
  return begun;
}

function load(): Module | undefined {
  const exports = loadWasm<Exports>("unwrap.wasm");
  if (exports === undefined) return undefined;
  const { buffer } = exports.memory;
  return { exports, memory: Buffer.from(buffer), words: new Uint32Array(buffer) };
}
