import { useEffect, useRef, useState } from "preact/hooks";
import { liveEvents } from "../api.js";
import { EntryList } from "../parts/list.js";
import { Trouble } from "../parts/trouble.js";
import type { StoredEntry } from "../types.js";
import { askedOf, type ViewProps } from "./view.js";

/** So many records stay on the page. */
const KEPT = 500;
/** News are shown together: a browser that laid out each of 5,000 a second would do nothing else. */
const SHOW_EVERY_MS = 250;
/** Of a stream that is faster than anybody reads, the newest: making rows is what costs the browser. */
const MOST_NEWS = 150;
const RETRY_MS = 2_000;

/** Records as they come. */
export function Live({ address, onPick }: ViewProps) {
  const [entries, setEntries] = useState<readonly StoredEntry[]>([]);
  const [missed, setMissed] = useState(0);
  const [error, setError] = useState<unknown>();
  const [isPaused, setPaused] = useState(false);
  const [held, setHeld] = useState(0);
  const [turn, setTurn] = useState(0);
  const paused = useRef(false);
  const waiting = useRef<StoredEntry[]>([]);
  /** Whether all that wait are wanted: the first ones, and those that came while somebody paused. */
  const wantsAll = useRef(true);
  paused.current = isPaused;
  const asked = JSON.stringify(askedOf(address));

  useEffect(() => {
    const stop = new AbortController();
    setEntries([]);
    waiting.current = [];
    wantsAll.current = true;
    const show = () => {
      const { length } = waiting.current;
      if (paused.current) {
        wantsAll.current = true;
        return setHeld(length);
      }
      if (length === 0) return;
      const surplus = wantsAll.current ? 0 : Math.max(0, length - MOST_NEWS);
      wantsAll.current = false;
      waiting.current.splice(0, surplus);
      if (surplus > 0) setMissed((n) => n + surplus);
      const news = waiting.current.splice(0).reverse();
      setHeld(0);
      setEntries((before) => [...news, ...before].slice(0, KEPT));
    };
    const timer = setInterval(show, SHOW_EVERY_MS);
    void follow(JSON.parse(asked), stop.signal, {
      entry: (entry) => {
        waiting.current.push(entry);
        // What would be pushed off the page at once need not wait for it.
        if (waiting.current.length > 2 * KEPT) setMissed((n) => n + waiting.current.splice(0, KEPT).length);
      },
      missed: (count) => setMissed((n) => n + count),
      trouble: setError,
    });
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [asked, turn]);

  useEffect(() => {
    const onFollow = () => setPaused((is) => !is);
    addEventListener("follow", onFollow);
    return () => removeEventListener("follow", onFollow);
  }, []);

  return (
    <section aria-label="live records">
      <p class="bar">
        <button type="button" aria-pressed={!isPaused} onClick={() => setPaused(!isPaused)}>
          {isPaused ? `follow${held > 0 ? ` (${held.toLocaleString()} new)` : ""}` : "pause"}
        </button>
        <span class="muted" role="status">
          {missed > 0 &&
            `${missed.toLocaleString()} came faster than they could be shown; a search has them all`}
        </span>
      </p>
      {error !== undefined && <Trouble error={error} onRetry={() => setTurn(turn + 1)} />}
      <EntryList entries={entries} onPick={onPick} label="records, the newest first" />
      {entries.length === 0 && error === undefined && (
        <p class="muted">Nothing yet. What is stored from now on appears here.</p>
      )}
    </section>
  );
}

interface Takes {
  readonly entry: (entry: StoredEntry) => void;
  readonly missed: (count: number) => void;
  readonly trouble: (error: unknown) => void;
}

/** Until it is told to stop: a sidecar that was started again is followed on. */
async function follow(
  asked: Readonly<Record<string, string>>,
  signal: AbortSignal,
  takes: Takes,
): Promise<void> {
  const seen = new Set<string>();
  while (!signal.aborted) {
    try {
      for await (const event of liveEvents({ last: 200, ...asked }, signal)) {
        takes.trouble(undefined);
        if (event.kind === "missed") takes.missed(event.count);
        else if (isNew(seen, event.entry)) takes.entry(event.entry);
      }
    } catch (error) {
      if (signal.aborted) return;
      takes.trouble(error);
      if (!(error instanceof TypeError)) return;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** After an interruption the newest come once more. */
function isNew(seen: Set<string>, { path, at, record, row }: StoredEntry): boolean {
  const id = `${path} ${at} ${(record ?? row)?.ts}`;
  if (seen.has(id)) return false;
  seen.add(id);
  if (seen.size > 10_000) for (const old of [...seen].slice(0, 5_000)) seen.delete(old);
  return true;
}
