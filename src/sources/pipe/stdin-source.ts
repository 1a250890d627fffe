import type { Readable } from "node:stream";
import { type Container, type SaidOfLines, saidContainer } from "../../core/container.js";
import type { LineJoiner } from "../../core/line.js";
import type { LineSink, Source } from "../../core/source.js";
import { PipeReader } from "./pipe-reader.js";

export interface StdinSourceOptions {
  readonly input: Readable;
  readonly said?: SaidOfLines;
  readonly maxLineBytes: number;
  readonly createJoiner: (container: Container) => LineJoiner;
}

/** Lines from standard input: `app | log-sidecar run --source stdin`. Ends when the pipe does. */
export class StdinSource implements Source {
  readonly resumes = false;
  readonly #options: StdinSourceOptions;

  constructor(options: StdinSourceOptions) {
    this.#options = options;
  }

  async run(sink: LineSink): Promise<void> {
    const container = saidContainer("stdin", "stdin", this.#options.said);
    const reader = new PipeReader({ ...this.#options, container, sink, unwrapsEntries: true });
    await reader.read(this.#options.input, 0);
    await reader.end();
  }

  async stop(): Promise<void> {
    this.#options.input.destroy();
  }
}
