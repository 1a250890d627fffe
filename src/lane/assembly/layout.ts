/**
 * Where everything stands in the module's memory. It is laid out by hand: nothing is allocated by the language, so there is nothing to
 * collect and every address is known when the module is compiled. Untouched pages cost no memory.
 */

/** Six tables of 16 bytes, by which the scan sees what may be the trace of a secret (see scan.ts). */
export const HALVES: usize = 0x1000;
/** The time of the line at hand: 30 bytes, RFC 3339 with nanoseconds. */
export const TIME: usize = 0x1100;
/** What is known of the values of the line at hand: SLOT_BYTES each (see walk.ts). */
export const TAPE: usize = 0x2000;
export const SLOT_BYTES: usize = 16;
export const MOST_SLOTS: i32 = 192;
/** What decides about the line at hand, as bytes (see questions.ts). */
export const KEY: usize = 0x4000;
export const KEY_LIMIT: usize = 0x1000;
/** How often an unknown shape or key with a certain hash was seen: one byte each. */
export const SEEN: usize = 0x8000;
export const SEEN_SIZE: u32 = 0x4000;
/** Of each plan: lines and characters since they were last taken; 8 bytes each. */
export const COUNTS: usize = 0x10000;
export const MOST_PLANS: i32 = 0x2000;
/** Plans that have such counts: 4 bytes each. */
export const TOUCHED: usize = 0x20000;
/** Hash tables: 16 bytes an entry, u64 hash and u32 address. */
export const SHAPES: usize = 0x30000;
export const SHAPE_ENTRIES: u32 = 0x800;
export const PLANS: usize = 0x40000;
export const PLAN_ENTRIES: u32 = 0x4000;
/** Of each file: bytes used of its buffer, bytes it takes until it is full, entries, entries it takes; 16 bytes each. */
export const FILES: usize = 0x80000;
export const MOST_FILES: i32 = 256;
/** One byte for any three characters by their low five bits: not 0 for the traces of secrets (TRACE_SIGNS in src/records/redact/traces.ts). */
export const TRACES: usize = 0x90000;
/** Of each message: where its text begins, and where its newline stands; 8 bytes each. */
export const MESSAGES: usize = 0x98000;
export const MOST_MESSAGES: i32 = 0x800;
/** Shapes, keys, programs, texts. */
export const ARENA: usize = 0x9c000;
export const ARENA_END: usize = 0x490000;
/** The lines to be taken. */
export const INPUT: usize = 0x490000;
export const INPUT_LIMIT: usize = 0x100000;
/** Buffers of the files, with room behind each for copies by 16 bytes. */
export const OUTPUT: usize = 0x5a0000;
export const OUTPUT_STEP: usize = 0x8000;
export const OUTPUT_SIZE: usize = 0x7f00;
