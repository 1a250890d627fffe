import type { Container } from "../core/container.js";
import type { Account } from "../pipeline/ledger.js";
import type { HttpParts } from "./parts.js";

/** A container as `/api/containers` tells of it. What is not known is null. */
export interface ContainerAnswer extends Partial<Account> {
  readonly id: string;
  readonly name: string;
  readonly service: string | null;
  readonly image: string | null;
  /** `collected` now, its driver `unreadable`, or `gone` or not looked at any more. */
  readonly state: "collected" | "unreadable" | "gone";
}

/** Those that are there and those that have an account, by name. */
export function containersOf({ source, ledger }: Pick<HttpParts, "source" | "ledger">): ContainerAnswer[] {
  const { watching } = source;
  const { containers = NONE, unreadable = NONE } = watching ?? {};
  const stateOf = (id: string) => {
    // A pipe or a program is there as long as the sidecar.
    if (watching === undefined || containers.has(id)) return "collected";
    return unreadable.has(id) ? "unreadable" : "gone";
  };
  const accounts = new Map(ledger.entries());
  const ids = new Set([...containers.keys(), ...unreadable.keys(), ...accounts.keys()]);
  return [...ids]
    .map((id): ContainerAnswer => {
      const container = containers.get(id) ?? unreadable.get(id);
      const account = accounts.get(id);
      return {
        id,
        service: container?.composeService ?? null,
        image: container?.image ?? null,
        state: stateOf(id),
        ...account,
        name: container?.name ?? account?.name ?? id,
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const NONE: ReadonlyMap<string, Container> = new Map();
