import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { gunzipSync } from "node:zlib";
import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { FrameCutter } from "../../src/sources/docker/frames.js";
import { requirement } from "../requirements.js";
import type { Message } from "../sources/engine-log.js";
import { MessageLog } from "../sources/message-log.js";
import { linesOf, terminalMessages } from "../torture/engine-log.mjs";
import { connect, removeContainers, runContainer, runToEnd } from "./engine.js";
import { fetchLog, holdLog } from "./fetch-log.js";
import { lineNumber, printLines } from "./lines.js";

/** What the code relies on, and what engines differ in, measured on 20.10.24 and 26.1.5. */
interface Differences {
  /** Under `local`, the last piece of a long line ends with its newline. */
  readonly localEndsLongLines: boolean;
  readonly contentType: { readonly frames: string | undefined; readonly terminal: string | undefined };
  /** A follower is sent lines a second time where the log is rotated. */
  readonly resends: boolean;
  /** Who reads a compressed log while somebody else does is shown the other one's copies. */
  readonly staleCopies: boolean;
}

const OLD: Differences = {
  localEndsLongLines: false,
  contentType: { frames: undefined, terminal: undefined },
  resends: true,
  staleCopies: true,
};

const NEW: Differences = {
  localEndsLongLines: true,
  contentType: {
    frames: "application/vnd.docker.multiplexed-stream",
    terminal: "application/vnd.docker.raw-stream",
  },
  resends: false,
  staleCopies: false,
};

const PIECE = 16_384;
const of = "of() { head -c $1 /dev/zero | tr '\\0' $2; }";

describe.skipIf(requirement("engine").missing)("what engines do", () => {
  const docker = connect();
  const made: Docker.Container[] = [];
  let differs: Differences;

  beforeAll(async () => {
    const { Version, Components: [first] = [] } = await docker.version();
    // Podman's compatible API is another thing: podman.test.ts.
    if (first?.Name === "Podman Engine") throw new Error("these are the facts of Docker Engine");
    differs = Number.parseInt(Version, 10) < 25 ? OLD : NEW;
  });
  afterAll(() => removeContainers(made));

  async function printed(script: string, more: { tty?: boolean; logDriver?: string } = {}) {
    const { container } = await runToEnd(docker, { script, ...more });
    made.push(container);
    return container;
  }

  describe.each(["json-file", "local"])("%s", (logDriver) => {
    it("a frame is a message with nanoseconds; long lines are pieces of 16,384 bytes that share a time", async () => {
      const script = `${of}; echo short; echo error >&2; of 16383 a; echo; of 16384 b; echo; of 40000 c; echo; printf end`;
      const messages = await messagesOf(await printed(script, { logDriver }));
      const out = messages.filter(({ stream }) => stream === 0);
      expect(messages.filter(({ stream }) => stream === 1).map(text)).toEqual(["error\n"]);
      const newline = logDriver === "json-file" || differs.localEndsLongLines ? "\n" : "";
      expect(out.map((message) => briefly(text(message)))).toEqual([
        "short\n",
        "a x 16383\n",
        "b x 16384",
        newline,
        "c x 16384",
        "c x 16384",
        `c x 7232${newline}`,
        "end",
      ]);
      const times = new Set(out.filter((message) => text(message).startsWith("c")).map(({ ts }) => ts));
      expect(times.size).toBe(1);
    });

    it("a tail counts messages, and a read behind a restart has what was before it", async () => {
      const container = await printed("for n in 1 2 3 4 5; do echo $n; done", { logDriver });
      await container.start();
      await container.wait();
      const all = (await messagesOf(container)).map(text).join("");
      expect(all).toBe("1\n2\n3\n4\n5\n1\n2\n3\n4\n5\n");
      expect((await messagesOf(container, { tail: 3 })).map(text)).toEqual(["3\n", "4\n", "5\n"]);
    });

    it("since takes the message of that very nanosecond", async () => {
      const container = await printed("for n in 1 2 3; do echo $n; usleep 2000; done", { logDriver });
      const [, second] = await messagesOf(container);
      const since = `${(Date.parse(second!.ts) / 1000) | 0}.${second!.ts.slice(20, 29)}`;
      expect((await messagesOf(container, { since })).map(text)).toEqual(["2\n", "3\n"]);
    });

    it("while the log is rotated, reads without follow have no hole and nothing twice", async () => {
      const logOptions = { "max-size": "200k", "max-file": "4" };
      const script = printLines({ count: 12_000, perSecond: 20_000 });
      const container = await runContainer(docker, { script, logDriver, logOptions });
      made.push(container);
      let running = true;
      const ended = container.wait().then(() => {
        running = false;
      });
      let reads = 0;
      while (running || reads === 0) {
        const numbers = (await messagesOf(container)).map((message) => lineNumber(text(message)) ?? 0);
        const [first = 0] = numbers;
        expect(numbers).toEqual(numbers.map((_, index) => first + index));
        reads += 1;
      }
      await ended;
    });
  });

  it("says by its content type what it sends", async () => {
    for (const [tty, expected] of [
      [false, differs.contentType.frames],
      [true, differs.contentType.terminal],
    ] as const) {
      const container = await printed("echo hello", { tty });
      const response = await fetchLog(container.id);
      expect(response.contentType).toBe(expected);
    }
  });

  it("a terminal's log has no frames; in a long line the time stands again behind each piece", async () => {
    const container = await printed(`${of}; of 20000 a; echo; echo b`, { tty: true });
    const body = (await fetchLog(container.id)).body;
    const messages = [...terminalMessages(body)];
    expect(messages.map(({ text: said }) => said.length)).toEqual([PIECE, 20_002 - PIECE, 3]);
    expect(messages[0]!.ts).toBe(messages[1]!.ts);
    expect(linesOf(messages).map(({ text: said }) => said)).toEqual(["a".repeat(20_000), "b"]);
  });

  it("who reads a compressed log while somebody else is at it is shown, by older engines, what that one was", async () => {
    const logOptions = { "max-size": "1m", "max-file": "3" };
    const container = await runContainer(docker, {
      script: `${printLines({ count: 8_000 })}; while [ ! -e /tmp/go ]; do usleep 50000; done; ${printLines({ count: 8_000, first: 8_001 })}; sleep 100`,
      logDriver: "local",
      logOptions,
    });
    made.push(container);
    const lastOf = async (number: number) => {
      const numbers = async () =>
        (await messagesOf(container)).map((message) => lineNumber(text(message)) ?? 0);
      await vi.waitFor(async () => expect((await numbers()).at(-1)).toBe(number), { timeout: 20_000 });
      return numbers();
    };
    await lastOf(8_000);
    const slow = await holdLog(container.id);
    const go = await container.exec({ Cmd: ["touch", "/tmp/go"] });
    await go.start({});
    const during = await lastOf(16_000);
    slow.destroy();
    await vi.waitFor(async () => expect(isContiguous(await lastOf(16_000))).toBe(true), { timeout: 20_000 });
    expect(isContiguous(during)).toBe(!differs.staleCopies);
  });

  it("who follows over rotations is never sent a line twice by newer engines", async () => {
    const logOptions = { "max-size": "200k", "max-file": "4" };
    const container = await runContainer(docker, {
      script: `sleep 0.2; ${printLines({ count: 15_000, perSecond: 15_000 })}`,
      logOptions,
    });
    made.push(container);
    const numbers = (await messagesOf(container, { follow: true })).map((message) =>
      lineNumber(text(message)),
    );
    const twice = numbers.length - new Set(numbers).size;
    expect(numbers.length).toBeGreaterThan(0);
    if (!differs.resends) expect(twice).toBe(0);
  });

  it("files: an entry a line with its stream and time, rotated ones numbered, compressed ones whole", async () => {
    const logOptions = { "max-size": "100k", "max-file": "3", compress: "true" };
    const script = `echo error >&2; ${printLines({ count: 3_000 })}`;
    const { container } = await runToEnd(docker, { script, logOptions });
    made.push(container);
    const { LogPath: path } = (await container.inspect()) as { LogPath: string };
    const held = (await messagesOf(container)).map(({ ts, payload }) => `${ts} ${payload}`);
    const files = (await readdir(dirname(path))).filter((name) => name.startsWith(basename(path))).sort();
    expect(files.map((name) => name.slice(basename(path).length))).toEqual(["", ".1.gz", ".2.gz"]);
    const entries: string[] = [];
    for (const name of files.reverse()) {
      const bytes = await readFile(`${dirname(path)}/${name}`);
      const lines = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString().trimEnd().split("\n");
      for (const line of lines) {
        const { log, stream, time } = JSON.parse(line) as { log: string; stream: string; time: string };
        expect(["stdout", "stderr"]).toContain(stream);
        expect(line.startsWith(`{"log":"`)).toBe(true);
        const [, seconds, fraction = ""] = /^([^.]+)(?:\.(\d+))?Z$/.exec(time) ?? [];
        entries.push(`${seconds}.${fraction.padEnd(9, "0")}Z ${log}`);
      }
    }
    expect(entries.slice(-held.length)).toEqual(held);
    expect((await stat(path)).mode & 0o777).toBe(0o640);
  });

  async function messagesOf(
    container: Docker.Container,
    query: { tail?: number; since?: string; follow?: boolean } = {},
  ): Promise<readonly Message[]> {
    const { body } = await fetchLog(container.id, query);
    const log = new MessageLog();
    const cutter = new FrameCutter(log);
    cutter.push(body, 0, body.length);
    cutter.flush();
    return log.messages;
  }
});

function text({ payload }: Message): string {
  return payload.toString();
}

/** Many of one letter as `a x 16384`: what differs can be read. */
function briefly(said: string): string {
  return said.replace(/^(.)\1{99,}/, (run, letter: string) => `${letter} x ${run.length}`);
}

function isContiguous(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number === numbers[index - 1]! + 1);
}
