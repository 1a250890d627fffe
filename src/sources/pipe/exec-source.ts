import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { basename } from "node:path";
import { type Container, namedContainer } from "../../core/container.js";
import { SidecarError } from "../../core/errors.js";
import type { LineJoiner } from "../../core/line.js";
import type { LineSink, Source } from "../../core/source.js";
import { PipeReader } from "./pipe-reader.js";

export interface ExecSourceOptions {
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly maxLineBytes: number;
  readonly createJoiner: (container: Container) => LineJoiner;
}

/** Runs a program and collects what it prints: `log-sidecar run -- python app.py`. */
export class ExecSource implements Source {
  readonly resumes = false;
  /** The program's exit status once `run` has resolved; 128 and the signal's number when a signal ended it. */
  exitStatus = 0;
  readonly #options: ExecSourceOptions;
  #child: ChildProcess | undefined;

  constructor(options: ExecSourceOptions) {
    this.#options = options;
  }

  /** @throws SidecarError COMMAND_FAILED when the program cannot be started. */
  async run(sink: LineSink): Promise<void> {
    const [program, ...args] = this.#options.command;
    const name = basename(program);
    const child = spawn(program, args, { stdio: ["inherit", "pipe", "pipe"] });
    this.#child = child;
    const exited = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
    const reader = new PipeReader({
      ...this.#options,
      container: namedContainer(`exec:${name}`, name),
      sink,
    });
    const reading = Promise.all([reader.read(child.stdout, 0), reader.read(child.stderr, 1)]);
    try {
      const [[code, signal]] = await Promise.all([exited, reading]);
      this.exitStatus = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
    } catch (cause) {
      throw new SidecarError("COMMAND_FAILED", `${program} could not be run`, { cause });
    }
    await reader.end();
  }

  /** Asks the program to end; `run` resolves when it has, with all that it printed. */
  async stop(): Promise<void> {
    this.#child?.kill("SIGTERM");
  }
}
