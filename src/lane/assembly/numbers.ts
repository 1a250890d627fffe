/** Powers of ten up to 10^15, all of them exact. */
function powerOfTen(exponent: i32): f64 {
  let power: f64 = 1;
  for (let at = 0; at < exponent; at++) power *= 10;
  return power;
}

/**
 * The value of a number that is not unusual (see scalars.ts). It has 15 digits at most, so they are exact, and the quotient of two exact
 * numbers is rounded once: the same as JavaScript reads.
 */
export function numberAt(start: usize, end: usize): f64 {
  let at = start;
  const isNegative = load<u8>(at) == 45;
  if (isNegative) at++;
  let digits: u64 = 0;
  let behind = -1;
  for (; at < end; at++) {
    const code = <u32>load<u8>(at);
    if (code == 46) {
      behind = 0;
      continue;
    }
    digits = digits * 10 + (code - 48);
    if (behind >= 0) behind++;
  }
  const number = behind > 0 ? <f64>digits / powerOfTen(behind) : <f64>digits;
  return isNegative ? -number : number;
}
