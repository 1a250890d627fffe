const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Runs work that Ctrl-C ends at a place of its own choosing, so that nothing is left half done. */
export async function stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  for (const signal of SIGNALS) process.once(signal, abort);
  try {
    return await work(stop.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, abort);
  }
}
