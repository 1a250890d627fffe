/**
 * Whether a call takes more CPU time than that, three times in a row: what is not linear does, and what others keep waiting does not.
 * For limits that are many times what the call needs.
 */
export function isSlow(limitMs: number, call: () => void): boolean {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const before = process.cpuUsage();
    call();
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1_000 < limitMs) return false;
  }
  return true;
}
