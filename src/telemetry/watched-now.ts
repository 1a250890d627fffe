import type { Container } from "../core/container.js";
import type { Watching } from "../core/watching.js";

/** Keeps what the events of a Docker source have told. */
export class WatchedNow implements Watching {
  readonly containers = new Map<string, Container>();
  readonly unreadable = new Map<string, Container>();
  trouble: string | undefined = "the Docker Engine has not answered yet";
  version: string | undefined;

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
