import { useEffect, useRef } from "preact/hooks";

const KEYS: readonly (readonly [string, string])[] = [
  ["/", "go to the search"],
  ["j, k", "the next record, the one before"],
  ["Enter", "open a record, and close it"],
  ["f", "follow live records, or pause"],
  ["1 … 7", "the views"],
  ["Esc", "leave the search, close what is open"],
  ["?", "this help"],
];

/** The keys, and what can be typed. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={onClose} aria-label="help">
      <h2>Keys</h2>
      <dl>
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <h2>Search</h2>
      <p>
        <code>timeout</code> a word, <code>time*</code> its beginning, <code>"reset by peer"</code> as it
        stands, <code>-debug</code> without, <code>level:&gt;=error</code>, <code>attempts:&gt;5</code>,{" "}
        <code>user.name:bob</code> fields. All of it must hold.
      </p>
      <button type="button" onClick={onClose}>
        close
      </button>
    </dialog>
  );
}
