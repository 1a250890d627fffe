import type { Output } from "./output.js";

const WIDTH = 30;
const EVERY_MS = 100;

/** Whether this is a terminal that somebody looks at. */
export function isTerminal(output: Output): boolean {
  return (output as { isTTY?: boolean }).isTTY === true;
}

/** A bar on one line of a terminal, drawn over again; on anything else nothing. */
export class Progress {
  readonly #output: Output | undefined;
  #drawnMs = 0;
  #drawn = false;

  constructor(output: Output) {
    this.#output = isTerminal(output) ? output : undefined;
  }

  /** `share` from 0 to 1. Called as often as one likes. */
  show(share: number, text: string): void {
    const now = Date.now();
    if (this.#output === undefined || now - this.#drawnMs < EVERY_MS) return;
    this.#drawnMs = now;
    this.#drawn = true;
    const full = Math.round(Math.min(1, share) * WIDTH);
    const bar = `${"█".repeat(full)}${"░".repeat(WIDTH - full)}`;
    this.#output.write(
      `\r\u001b[K${bar} ${String(Math.floor(Math.min(1, share) * 100)).padStart(3)} %  ${text}`,
    );
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.#drawn) this.#output?.write("\r\u001b[K");
  }
}
