import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { basename } from "node:path";
import { type Container, type SaidOfLines, saidContainer } from "../../core/container.js";
import { SidecarError } from "../../core/errors.js";
import type { LineJoiner } from "../../core/line.js";
import type { LineSink, Source } from "../../core/source.js";
import { inTerminal, openOutputs } from "./outputs.js";
import { PipeReader } from "./pipe-reader.js";

export interface ExecSourceOptions {
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** Whether it writes to a terminal of its own. */
  readonly tty?: boolean;
  readonly said?: SaidOfLines;
  /** Told when there is no way to make a pipe, and why. */
  readonly onNoPipe?: (cause: unknown) => void;
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
    const { command, tty = false, said, onNoPipe } = this.#options;
    const name = basename(command[0]);
    const outputs = await openOutputs(tty ? 1 : 2, onNoPipe);
    const [program, args] = tty ? inTerminal(command) : [command[0], command.slice(1)];
    const child = spawn(program, args, { stdio: ["inherit", ...outputs.childEnds(tty)] });
    this.#child = child;
    const exited = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
    const container = saidContainer(`exec:${name}`, name, said);
    const reader = new PipeReader({ ...this.#options, container, sink });
    const pipes = outputs.ourEnds(child);
    const reading = Promise.all(pipes.map((pipe, at) => reader.read(pipe, at === 0 ? 0 : 1)));
    try {
      const [[code, signal]] = await Promise.all([exited, reading]);
      this.exitStatus = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
    } catch (cause) {
      for (const pipe of pipes) pipe.destroy();
      await reading.catch(() => undefined);
      const what = tty
        ? `${command[0]} could not be run in a terminal, which takes script(1)`
        : `${program} could not be run`;
      throw new SidecarError("COMMAND_FAILED", what, { cause });
    }
    await reader.end();
  }

  /** Asks the program to end; `run` resolves when it has, with all that it printed. */
  async stop(): Promise<void> {
    this.#child?.kill("SIGTERM");
  }
}
