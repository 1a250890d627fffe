/** Stands for a batch job: flat JSON, now and then an error on the way. */
import { chance, emit, rounded } from "./emit.mjs";

const next = chance(11);

await emit((n) => {
  const size = 64 * (1 + Math.floor(next() * 4));
  const errors = n % 6 === 5 ? 1 + Math.floor(next() * 5) : 0;
  return {
    timestamp: new Date().toISOString(),
    level: errors > 3 ? "ERROR" : "INFO",
    component: "batch_processor",
    event_type: "batch_processing",
    message: `batch ${n + 1} done`,
    batch_size: size,
    processing_time: rounded(0.5 + next() * 2, 3),
    success_count: size - errors,
    error_count: errors,
  };
});
