import { render } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type Address, addressText, readAddress, VIEWS, type View } from "./address.js";
import { Help } from "./help.js";
import { Containers } from "./views/containers.js";
import { Live } from "./views/live.js";
import { Rules } from "./views/rules.js";
import { Search } from "./views/search.js";
import { Storage } from "./views/storage.js";
import { Summary } from "./views/summary.js";
import { Training } from "./views/training.js";
import type { ViewProps } from "./views/view.js";
import "./main.css";

const PAGES = {
  live: Live,
  search: Search,
  rules: Rules,
  summary: Summary,
  training: Training,
  storage: Storage,
  containers: Containers,
};
const LEVELS = ["trace", "debug", "info", "warning", "error", "critical"];

function App() {
  const [address, setAddress] = useState(() => readAddress(location.search));
  const [isHelping, setHelping] = useState(false);
  const box = useRef<HTMLInputElement>(null);
  const go = useCallback((change: Partial<Address>) => {
    setAddress((before) => {
      const after = { ...before, record: "", ...change };
      history.pushState(null, "", addressText(after));
      return after;
    });
  }, []);
  useEffect(() => {
    const onBack = () => setAddress(readAddress(location.search));
    addEventListener("popstate", onBack);
    return () => removeEventListener("popstate", onBack);
  }, []);
  useKeys({ box, go, onHelp: () => setHelping(true) });
  const onPick = useCallback((field: string, value: string) => {
    const term = /^[\w./-]+$/.test(value)
      ? `${field}:${value}`
      : `${field}:"${value.slice(0, 200).replace(/["\\]/g, "\\$&")}"`;
    setAddress((before) => {
      const view: View = before.view === "live" ? "live" : "search";
      const after = { ...before, view, record: "", q: `${before.q} ${term}`.trim() };
      history.pushState(null, "", addressText(after));
      return after;
    });
  }, []);
  const Page: (props: ViewProps) => preact.JSX.Element = PAGES[address.view];
  return (
    <>
      <header>
        <h1>log-sidecar</h1>
        <Filter address={address} go={go} box={box} />
        <nav aria-label="views">
          {VIEWS.map((view) => (
            <a
              key={view}
              href={addressText({ ...address, view })}
              aria-current={view === address.view ? "page" : undefined}
              onClick={(event) => {
                event.preventDefault();
                go({ view });
              }}
            >
              {view}
            </a>
          ))}
          <button type="button" class="link" onClick={() => setHelping(true)} aria-label="help">
            ?
          </button>
        </nav>
      </header>
      <main>
        <Page address={address} go={go} onPick={onPick} />
      </main>
      {isHelping && <Help onClose={() => setHelping(false)} />}
    </>
  );
}

interface FilterProps {
  readonly address: Address;
  readonly go: (change: Partial<Address>) => void;
  readonly box: { readonly current: HTMLInputElement | null };
}

/** Words, category and level: live records are filtered, others searched. */
function Filter({ address, go, box }: FilterProps) {
  const [text, setText] = useState(address.q);
  useEffect(() => setText(address.q), [address.q]);
  const view = address.view === "live" ? "live" : "search";
  const choice = (name: "category" | "level", values: readonly string[], none: string) => (
    <select
      aria-label={name}
      value={address[name]}
      onChange={(event) => go({ [name]: event.currentTarget.value, view })}
    >
      <option value="">{none}</option>
      {values.map((value) => (
        <option key={value} value={value}>
          {value}
        </option>
      ))}
    </select>
  );
  return (
    <search>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          go({ q: text.trim(), view });
        }}
      >
        <input
          ref={box as never}
          type="search"
          aria-label="words, phrases, field:value"
          placeholder='words, "phrases", -without, field:value'
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        {choice(
          "category",
          view === "live" ? ["raw", "tagged"] : ["raw", "tagged", "summary"],
          view === "live" ? "raw" : "all",
        )}
        {choice("level", LEVELS, "any level")}
        <button type="submit">{view === "live" ? "filter" : "search"}</button>
      </form>
    </search>
  );
}

interface KeyProps extends Pick<FilterProps, "box" | "go"> {
  readonly onHelp: () => void;
}

function useKeys({ box, go, onHelp }: KeyProps): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as HTMLElement;
      const isTyping = /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
      if (event.key === "Escape") return target.blur();
      if (isTyping) return;
      const view = VIEWS[Number(event.key) - 1];
      if (view !== undefined) go({ view });
      else if (event.key === "j" || event.key === "k")
        dispatchEvent(new CustomEvent("move", { detail: event.key === "j" ? 1 : -1 }));
      else if (event.key === "f") dispatchEvent(new Event("follow"));
      else if (event.key === "?") onHelp();
      else if (event.key === "/") {
        event.preventDefault();
        box.current?.focus();
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

render(<App />, document.getElementById("app")!);
