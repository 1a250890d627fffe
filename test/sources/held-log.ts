import type { Message } from "./engine-log.js";

/**
 * How an engine reads `since`: up to 20.10 every message is tested; later ones skip to the first message at or
 * after it and send all from there on (moby: daemon/logger/loggerutils/logfile.go).
 */
export type SinceRule = "each" | "first";

export interface Asked {
  /** Seconds and nanoseconds with a dot between, as the API takes it. */
  readonly since?: string | undefined;
  readonly tail?: number | undefined;
}

/** What an engine holds of one container's log. Rotation takes the oldest messages away. */
export class HeldLog {
  readonly messages: Message[] = [];
  readonly #rule: SinceRule;

  constructor(rule: SinceRule) {
    this.#rule = rule;
  }

  select({ since, tail }: Asked): Message[] {
    const last = tail === undefined ? [...this.messages] : this.messages.slice(-tail);
    return since === undefined ? last : this.#since(last, since);
  }

  rotate(count: number): Message[] {
    return this.messages.splice(0, count);
  }

  #since(messages: Message[], since: string): Message[] {
    const from = sinceTime(since);
    if (this.#rule === "each") return messages.filter(({ ts }) => ts >= from);
    const first = messages.findIndex(({ ts }) => ts >= from);
    return first < 0 ? [] : messages.slice(first);
  }
}

function sinceTime(since: string): string {
  const [seconds, nanos = ""] = since.split(".");
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 20)}${nanos.padEnd(9, "0")}Z`;
}
