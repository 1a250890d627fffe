import type { Address } from "../address.js";

/** What each view gets. */
export interface ViewProps {
  readonly address: Address;
  /** Goes on to an address that differs in these. */
  readonly go: (change: Partial<Address>) => void;
  /** A click on a field: only what has this value. */
  readonly onPick: (field: string, value: string) => void;
}

/** What the search box and the choices beside it ask for. */
export function askedOf({ q, category, level, component }: Address) {
  return { q, category, level, component };
}
