import { useState } from "preact/hooks";
import { visible } from "./text.js";

interface TreeProps {
  readonly name: string;
  readonly value: unknown;
  /** A click on a value: its path and the value as text. */
  readonly onPick: (field: string, value: string) => void;
  readonly path?: string;
  readonly depth?: number;
}

/** So many items of a list or object are shown until somebody asks for more. */
const SHOWN = 100;

/** JSON as a tree: objects and lists fold, a click on a value filters by it. */
export function Tree({ name, value, onPick, path = name, depth = 0 }: TreeProps) {
  const [isOpen, setOpen] = useState(depth < 2);
  const [shown, setShown] = useState(SHOWN);
  if (typeof value !== "object" || value === null) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return (
      <li>
        <span class="key">{visible(name)}</span>{" "}
        <button
          type="button"
          class={`value ${typeof value}`}
          title={`only ${path}:${text}`}
          onClick={() => onPick(path, text)}
        >
          {visible(text.slice(0, 2_000))}
        </button>
      </li>
    );
  }
  const items = Object.entries(value);
  const sum = Array.isArray(value) ? `[${items.length}]` : `{${items.length}}`;
  return (
    <li>
      <button type="button" class="fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? "▾" : "▸"} <span class="key">{visible(name)}</span> <span class="muted">{sum}</span>
      </button>
      {isOpen && (
        <ul class="tree">
          {items.slice(0, shown).map(([key, inner]) => (
            <Tree
              key={key}
              name={key}
              value={inner}
              onPick={onPick}
              path={`${path}.${key}`}
              depth={depth + 1}
            />
          ))}
          {items.length > shown && (
            <li>
              <button type="button" onClick={() => setShown(shown * 10)}>
                {items.length - shown} more
              </button>
            </li>
          )}
        </ul>
      )}
    </li>
  );
}
