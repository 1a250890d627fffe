import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { StoredEntry } from "../types.js";
import { EntryLine, idOf } from "./entry.js";

interface ListProps {
  readonly entries: readonly StoredEntry[];
  readonly onPick: (field: string, value: string) => void;
  /** Open from the beginning: a link leads to it. */
  readonly open?: string;
  readonly label: string;
}

/** Records one below the other; `j` and `k` go along them, Enter opens. */
export function EntryList({ entries, onPick, open = "", label }: ListProps) {
  const [marked, setMarked] = useState(open);
  // What the next key goes on from: a key that is held comes again before the page has shown what it did.
  const last = useRef(open);
  const mark = useCallback((id: string) => {
    last.current = id;
    setMarked(id);
  }, []);
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set(open === "" ? [] : [open]));
  const toggle = useCallback((entry: StoredEntry) => {
    const id = idOf(entry);
    mark(id);
    setOpened((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  useEffect(() => {
    const onMove = (event: Event) => {
      const step = (event as CustomEvent<number>).detail;
      const at = entries.findIndex((entry) => idOf(entry) === last.current);
      const next = entries[Math.min(entries.length - 1, Math.max(0, at + step))];
      if (next === undefined) return;
      mark(idOf(next));
      document.getElementById(idOf(next))?.querySelector("button")?.focus();
    };
    addEventListener("move", onMove);
    return () => removeEventListener("move", onMove);
  }, [entries]);
  return (
    <ul class="entries" aria-label={label}>
      {entries.map((entry) => {
        const id = idOf(entry);
        return (
          <EntryLine
            key={id}
            entry={entry}
            isMarked={id === marked}
            isOpen={opened.has(id)}
            onToggle={toggle}
            onPick={onPick}
          />
        );
      })}
    </ul>
  );
}
