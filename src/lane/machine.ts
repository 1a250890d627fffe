import { loadWasm, type Shown, type WasmExports } from "../core/wasm.js";

/** What the module gives (assembly/index.ts). Addresses are numbers. */
interface Exports extends WasmExports {
  readonly COUNTS: Shown;
  readonly FILES: Shown;
  readonly HALVES: Shown;
  readonly INPUT: Shown;
  readonly INPUT_LIMIT: Shown;
  readonly MESSAGES: Shown;
  readonly MOST_FILES: Shown;
  readonly MOST_MESSAGES: Shown;
  readonly OUTPUT: Shown;
  readonly OUTPUT_SIZE: Shown;
  readonly OUTPUT_STEP: Shown;
  readonly TAPE: Shown;
  readonly TIME: Shown;
  readonly TOUCHED: Shown;
  readonly TRACES: Shown;
  readonly lineAt: Shown;
  readonly newlineAt: Shown;
  readonly isClear: Shown;
  readonly isHigh: Shown;
  readonly messageAt: Shown;
  readonly reason: Shown;
  readonly lastShape: Shown;
  readonly full: Shown;
  readonly touched: Shown;
  process(from: number, to: number): number;
  processMessages(from: number, to: number): number;
  tick(): void;
  take(length: number): number;
  addMember(table: number, mask: number, address: number, length: number): void;
  setQuestions(shape: number, questions: number): void;
  setCleared(at: number): void;
  setJudging(isJudging: boolean): void;
  setPending(isPending: boolean): void;
  setContext(scope: number, context: number): void;
  clearTouched(): void;
  slotCount(): number;
  addShape(): number;
  askAgain(start: number, end: number): number;
  addPlan(program: number): number;
  forget(): void;
}

/** Why `process` stops (assembly/index.ts). */
export const STOP = { done: 0, long: 1, full: 2, newShape: 3, newPlan: 4, judge: 5, pending: 6 } as const;

/** The module, ready to run, and its memory. */
export interface Machine {
  readonly exports: Exports;
  readonly bytes: Buffer;
  readonly words: Uint32Array;
  readonly doubles: Float64Array;
}

/** Undefined where it was not built, or where Node lacks what it needs: then all lines go the long way. */
export function loadMachine(): Machine | undefined {
  const exports = loadWasm<Exports>("lane.wasm");
  if (exports === undefined) return undefined;
  const { buffer } = exports.memory;
  return {
    exports,
    bytes: Buffer.from(buffer),
    words: new Uint32Array(buffer),
    doubles: new Float64Array(buffer),
  };
}

/**
 * Tells the scan what traces of secrets look like: the table of all three characters, and six tables of their halves, for eight groups
 * of traces whose first characters are neighbours. High halves know one bit of five: which half of 32 characters it is.
 */
export function setTraces({ bytes, exports }: Machine, table: Readonly<Uint8Array>): void {
  bytes.set(table, exports.TRACES.value);
  const halves = bytes.subarray(exports.HALVES.value, exports.HALVES.value + 96).fill(0);
  const grams = [...table.keys()].filter((gram) => table[gram] !== 0);
  for (const [at, gram] of grams.entries()) {
    const group = 1 << Math.floor((at * 8) / grams.length);
    for (const [place, sign] of [gram >> 10, (gram >> 5) & 31, gram & 31].entries()) {
      halves[place * 32 + (sign & 15)]! |= group;
      for (let high = sign >> 4; high < 8; high += 2) halves[place * 32 + 16 + high]! |= group;
    }
  }
}
