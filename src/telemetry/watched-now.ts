import type { Container } from "../core/container.js";
import type { Watching } from "../core/watching.js";

const ABSENT = { engine: "the Docker Engine", nats: "the NATS server" } as const;

/** Keeps what the events of a source have told. */
export class WatchedNow implements Watching {
  readonly of: Watching["of"];
  readonly containers = new Map<string, Container>();
  readonly unreadable = new Map<string, Container>();
  trouble: string | undefined;
  version: string | undefined;

  constructor(of: Watching["of"] = "engine") {
    this.of = of;
    this.trouble = `${ABSENT[of]} has not answered yet`;
  }

  follow(container: Container): void {
    this.containers.set(container.id, container);
    this.unreadable.delete(container.id);
  }

  giveUp(container: Container): void {
    this.containers.delete(container.id);
    this.unreadable.set(container.id, container);
  }

  /** The engine answered, and these are all the containers that it has. */
  list(ids: ReadonlySet<string>): void {
    this.trouble = undefined;
    for (const id of this.unreadable.keys()) if (!ids.has(id)) this.unreadable.delete(id);
  }
}
