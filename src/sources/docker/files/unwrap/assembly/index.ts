/**
 * Takes the messages out of the entries of a json-file log (moby: daemon/logger/jsonfilelog/jsonlog, and its MarshalJSONBuf), and writes each
 * as the log API would send it behind its frame's header: its time with nine digits of fraction, a space, its text.
 */

/** Of each entry: where its message begins and ends, where it ends itself (from the beginning of the input), its kind; u32 each. */
export const ENTRIES: usize = 0x1000;
export const MOST_ENTRIES: i32 = 0x2000;
export const INPUT: usize = 0x21000;
export const MOST_INPUT: usize = 0x60000;
/** A message is shorter than its entry; some bytes are written behind each. */
export const OUTPUT: usize = 0x82000;

const STDOUT: u32 = 0;
const STDERR: u32 = 1;
/** What is read in another way: other keys, escapes of what is not ASCII, no entry at all. */
const OTHER: u32 = 2;

const BEGIN: u64 = 0x223a22676f6c227b; // {"log":"
const BEHIND_TEXT: u64 = 0x6165727473222c22; // ","strea
const IS_STDOUT: u64 = 0x6f647473223a226d; // m":"stdo
const IS_STDERR: u64 = 0x65647473223a226d; // m":"stde
const OUT_TIME: u64 = 0x6d6974222c227475; // ut","tim
const ERR_TIME: u64 = 0x6d6974222c227272; // rr","tim
const BEFORE_TIME: u32 = 0x223a2265; // e":"
const END: u32 = 0x0a7d22; // "} and the line end

/** Characters of a time, and of the space behind it. */
const PREFIX: usize = 31;
/** Which of the first 16 characters of a time are digits: 2026-11-29T14:34 */
const DIGITS: u32 = 0xffff & ~((1 << 4) | (1 << 7) | (1 << 10) | (1 << 13));

/** Where the message that was written last ends. */
let written: usize = 0;
let kind: u32 = OTHER;

/** Reads entries from a place in the input on, up to its end, where a line ends; gives how many, at most MOST_ENTRIES. */
export function unwrap(from: usize, to: usize): i32 {
  const end = INPUT + to;
  let at = INPUT + from;
  let out = OUTPUT;
  let count = 0;
  while (at < end && count < MOST_ENTRIES) {
    let behind = entry(at, out);
    const message = behind == 0 ? out : written;
    if (behind == 0) {
      kind = OTHER;
      behind = at;
      while (load<u8>(behind) != 10) behind++;
      behind++;
    }
    const row = ENTRIES + <usize>count * 16;
    count++;
    store<u32>(row, out);
    store<u32>(row + 4, message);
    store<u32>(row + 8, behind - INPUT);
    store<u32>(row + 12, kind);
    out = message;
    at = behind;
  }
  return count;
}

/** The place behind the entry; 0 for what is read in another way. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function entry(start: usize, out: usize): usize {
  if (load<u64>(start) != BEGIN) return 0;
  const at = text(start + 8, out + PREFIX);
  if (at == 0 || load<u64>(at) != BEHIND_TEXT || load<u32>(at + 24) != BEFORE_TIME) return 0;
  const stream = load<u64>(at + 8);
  const rest = load<u64>(at + 16);
  if (stream == IS_STDOUT && rest == OUT_TIME) kind = STDOUT;
  else if (stream == IS_STDERR && rest == ERR_TIME) kind = STDERR;
  else return 0;
  return time(at + 28, out);
}

/** Writes the text of a JSON string; gives the place of the quote behind it, 0 where there is more to do than ASCII's escapes. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function text(start: usize, out: usize): usize {
  let at = start;
  let to = out;
  while (true) {
    const bytes = v128.load(at);
    v128.store(to, bytes);
    const special = <u32>i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(bytes, i8x16.splat(34)), i8x16.eq(bytes, i8x16.splat(92))),
        i8x16.lt_u(bytes, i8x16.splat(32)),
      ),
    );
    if (special == 0) {
      at += 16;
      to += 16;
      continue;
    }
    const plain = <usize>ctz(special);
    at += plain;
    to += plain;
    const code = load<u8>(at);
    if (code == 34) {
      written = to;
      return at;
    }
    if (code != 92) return 0;
    const escape = <u32>load<u8>(at + 1);
    if (escape == 117) {
      const meant = fourDigits(at + 2);
      if (meant > 0x7f) return 0;
      store<u8>(to, <u8>meant);
      at += 6;
    } else {
      const meant = shortEscape(escape);
      if (meant == 0) return 0;
      store<u8>(to, <u8>meant);
      at += 2;
    }
    to++;
  }
  return 0;
}

function shortEscape(code: u32): u32 {
  switch (code) {
    case 34:
    case 92:
    case 47:
      return code;
    case 110:
      return 10;
    case 116:
      return 9;
    case 114:
      return 13;
    case 98:
      return 8;
    case 102:
      return 12;
    default:
      return 0;
  }
}

/** Of four hexadecimal digits; more than any character has for what is none. */
function fourDigits(at: usize): u32 {
  let number: u32 = 0;
  for (let place: usize = 0; place < 4; place++) {
    const code = <u32>load<u8>(at + place);
    const small = code | 0x20;
    const digit = isDigit(code) ? code - 48 : small - 97 < 6 ? small - 87 : 0x10000;
    number = number * 16 + digit;
  }
  return number;
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function isDigit(code: u32): bool {
  return code - 48 < 10;
}

/** Writes a time in Go's RFC3339Nano, which leaves zeros at the end of the fraction out; gives the place behind the entry. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function time(start: usize, out: usize): usize {
  const minutes = v128.load(start);
  const digits = <u32>i8x16.bitmask(i8x16.lt_u(i8x16.sub(minutes, i8x16.splat(48)), i8x16.splat(10)));
  if ((digits & DIGITS) != DIGITS) return 0;
  if (load<u8>(start + 4) != 45 || load<u8>(start + 7) != 45) return 0;
  if (load<u8>(start + 10) != 84 || load<u8>(start + 13) != 58 || load<u8>(start + 16) != 58) return 0;
  const seconds = <u32>load<u8>(start + 17);
  const units = <u32>load<u8>(start + 18);
  if (!isDigit(seconds) || !isDigit(units)) return 0;
  v128.store(out, minutes);
  store<u8>(out + 16, 58);
  store<u8>(out + 17, <u8>seconds);
  store<u8>(out + 18, <u8>units);
  store<u8>(out + 19, 46);
  let at = start + 19;
  let place: usize = 20;
  if (load<u8>(at) == 46) {
    at++;
    while (place < 29 && isDigit(<u32>load<u8>(at))) store<u8>(out + place++, load<u8>(at++));
    if (place == 20) return 0;
  }
  while (place < 29) store<u8>(out + place++, 48);
  store<u8>(out + 29, 90);
  store<u8>(out + 30, 32);
  if (load<u8>(at) != 90 || (load<u32>(at + 1) & 0xffffff) != END) return 0;
  return at + 4;
}
