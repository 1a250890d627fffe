/** Prints what legacy_worker.py prints, for where there is no Python. */
import { emit } from "./emit.mjs";

// Python's logging writes to stderr.
process.stdout.write = process.stderr.write.bind(process.stderr);

await emit((n) => {
  if (n % 8 !== 7) return line("INFO", `quote ${n + 1} taken: ${(100 + (n % 9)).toFixed(2)}`);
  return [
    line("ERROR", `quote ${n + 1} failed`),
    "Traceback (most recent call last):",
    '  File "/demo/legacy_worker.py", line 24, in <module>',
    '    log.info("quote %d taken: %.2f", n + 1, quote(n))',
    '  File "/demo/legacy_worker.py", line 18, in quote',
    "    raise ValueError(\"price is not a number: 'n/a'\")",
    "ValueError: price is not a number: 'n/a'",
  ].join("\n");
});

function line(level, message) {
  const time = new Date().toISOString().replace("T", " ").replace(".", ",").replace("Z", "");
  return `${time} ${level} legacy.worker: ${message}`;
}
