import { useEffect, useState } from "preact/hooks";

export interface Answer<T> {
  readonly value: T | undefined;
  readonly error: unknown;
  readonly again: () => void;
}

const RETRY_MS = 3_000;

/**
 * Asks when `key` changes, every `everyMs` where it is given, and again by itself while nobody answers. What was answered last stays
 * until there is something newer.
 */
export function useAnswer<T>(
  key: string,
  ask: (signal: AbortSignal) => Promise<T>,
  everyMs?: number,
): Answer<T> {
  const [state, setState] = useState<{ value?: T; error?: unknown }>({});
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = (ms: number) => {
      timer = setTimeout(() => setTurn((before) => before + 1), ms);
    };
    ask(stop.signal).then(
      (value) => {
        setState({ value });
        if (everyMs !== undefined) again(everyMs);
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        setState((before) => ({ ...before, error }));
        if (error instanceof TypeError) again(RETRY_MS);
      },
    );
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [key, turn]);
  return { value: state.value, error: state.error, again: () => setTurn((before) => before + 1) };
}
