/** What is looked at stands in the address: so it can be kept, shared, and gone back to. */
export const VIEWS = ["live", "search", "rules", "summary", "training", "storage", "containers"] as const;
export type View = (typeof VIEWS)[number];

export interface Address {
  readonly view: View;
  readonly q: string;
  /** `raw`, `tagged`, `summary`; empty for all that a view looks at. */
  readonly category: string;
  readonly level: string;
  readonly component: string;
  /** A duration back from now (`24h`), or a time. */
  readonly since: string;
  readonly until: string;
  /** What columns over time are told apart by. */
  readonly by: string;
  /** A table of summary. */
  readonly table: string;
  /** One record: path and place, `raw/api/log_2026-01-31.jsonl:1234`. */
  readonly record: string;
}

export const START: Address = {
  view: "live",
  q: "",
  category: "",
  level: "",
  component: "",
  since: "",
  until: "",
  by: "",
  table: "",
  record: "",
};

const NAMES = Object.keys(START) as (keyof Address)[];

export function readAddress(search: string): Address {
  const asked = new URLSearchParams(search);
  const found = Object.fromEntries(NAMES.map((name) => [name, asked.get(name) ?? START[name]]));
  const view = VIEWS.find((each) => each === found["view"]) ?? START.view;
  return { ...(found as unknown as Address), view };
}

/** Only what differs from the start. */
export function addressText(address: Address): string {
  const said = NAMES.filter((name) => address[name] !== START[name]).map((name) => [name, address[name]]);
  const text = new URLSearchParams(said).toString();
  return text === "" ? "./" : `?${text}`;
}
