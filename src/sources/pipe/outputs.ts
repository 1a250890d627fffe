import { type ChildProcess, execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";

/** What a program writes to, from both sides. */
export interface Outputs {
  /** For the program's standard output and standard error. */
  childEnds(isOne: boolean): ("pipe" | number)[];
  /** Once the program was started: what is read from. The program's ends are closed here, so that reading ends with it. */
  ourEnds(child: ChildProcess): Readable[];
}

interface Pipe {
  readonly read: number;
  readonly write: number;
}

/**
 * Real pipes, as a shell would make them: Node gives programs sockets, and a program that opens `/dev/stdout` (nginx, `sh -c 'echo hi >
 * /dev/stdout'`) then gets "No such device or address". Node can make no pipe itself; one with a name, which it loses at once, is the same.
 * Anybody may write to it who gets hold of it: a program that gives up root opens `/dev/stdout` as another user.
 * Where none can be made (no mkfifo, no folder to write to) sockets have to do, and `onNoPipe` is told.
 */
export async function openOutputs(count: number, onNoPipe?: (cause: unknown) => void): Promise<Outputs> {
  const pipes: Pipe[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), "log-sidecar-"));
    try {
      for (let at = 0; at < count; at++) pipes.push(await makePipe(join(folder, String(at))));
    } finally {
      await rm(folder, { recursive: true });
    }
  } catch (cause) {
    for (const { read, write } of pipes) for (const fd of [read, write]) closeSync(fd);
    onNoPipe?.(cause);
    return SOCKETS;
  }
  return {
    childEnds: (isOne) => (isOne ? [pipes[0]!.write, pipes[0]!.write] : pipes.map(({ write }) => write)),
    ourEnds() {
      for (const { write } of pipes) closeSync(write);
      return pipes.map(({ read }) => new Socket({ fd: read, readable: true, writable: false }));
    },
  };
}

const SOCKETS: Outputs = {
  childEnds: () => ["pipe", "pipe"],
  ourEnds: ({ stdout, stderr }) => [stdout!, stderr!],
};

async function makePipe(path: string): Promise<Pipe> {
  await promisify(execFile)("mkfifo", ["-m", "622", path]);
  // Without waiting for the other end, which comes next.
  const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return { read, write: openSync(path, constants.O_WRONLY) };
  } catch (cause) {
    closeSync(read);
    throw cause;
  }
}

/** The program within script(1), which gives it a terminal and ends as it does; what it prints there is one stream. */
export function inTerminal(command: readonly string[]): [program: string, args: string[]] {
  const line = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  return ["script", ["-q", "-e", "-f", "-c", `exec ${line}`, "/dev/null"]];
}
