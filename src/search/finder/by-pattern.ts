const LINE_END = 0x0a;
const SPECIAL = /[\\^$.*+?()[\]{}|/-]/g;

/** What a `Finder` does, where its module can't be had: at a third of its speed. */
export function eachMatch(text: Buffer, bytes: Buffer, visit: (start: number, end: number) => void): void {
  // One character a byte: no decoding, and the expression runs over plain bytes.
  const pattern = new RegExp(text.toString("latin1").replace(SPECIAL, "\\$&"), "gi");
  const plain = bytes.toString("latin1");
  for (let found = pattern.exec(plain); found !== null; found = pattern.exec(plain)) {
    const end = bytes.indexOf(LINE_END, found.index);
    const start = found.index === 0 ? 0 : bytes.lastIndexOf(LINE_END, found.index - 1) + 1;
    visit(start, end < 0 ? bytes.length : end);
    if (end < 0) return;
    pattern.lastIndex = end + 1;
  }
}
