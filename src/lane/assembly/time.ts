import { TIME } from "./layout";

/** The time of the next line: one nanosecond later. Nobody calls it so often that the second changes. */
export function tick(): void {
  let at = TIME + 28;
  while (at >= TIME + 20) {
    const digit = <u32>load<u8>(at);
    if (digit != 57) {
      store<u8>(at, digit + 1);
      return;
    }
    store<u8>(at, 48);
    at--;
  }
}
