import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { onTestFinished, vi } from "vitest";
import { DockerSource } from "../../src/sources/docker/docker-source.js";
import { ExecSource } from "../../src/sources/pipe/exec-source.js";
import { StdinSource } from "../../src/sources/pipe/stdin-source.js";
import { DockerEvents } from "../../src/telemetry/docker-events.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { describeSource } from "../contract/source.js";
import { startEngine } from "./docker/collecting.js";
import { EngineFiles, refuseLogs } from "./engine-files.js";

const BOTH = ["stdout", "stderr"] as const;

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}

for (const driver of ["json-file", "local"]) {
  describeSource(`a container of the ${driver} driver`, async (options) => {
    const engine = await startEngine();
    const app = engine.add("app", { driver });
    return {
      source: new DockerSource({
        ...options,
        address: engine.socket,
        scope: "all",
        since: "beginning",
        restored: new Map(),
        events: new DockerEvents(silentTelemetry()),
      }),
      streams: BOTH,
      print: (texts, stream) => engine.print(app, texts, stream === "stderr" ? 1 : 0),
      finish: () => engine.stop(app),
    };
  });
}

describeSource("a container with a TTY", async (options) => {
  const engine = await startEngine();
  const app = engine.add("app", { tty: true });
  return {
    source: new DockerSource({
      ...options,
      address: engine.socket,
      scope: "all",
      since: "beginning",
      restored: new Map(),
      events: new DockerEvents(silentTelemetry()),
    }),
    streams: ["stdout"],
    print: (texts) => engine.print(app, texts),
    finish: () => engine.stop(app),
  };
});

for (const tty of [false, true]) {
  describeSource(`the log file of a container${tty ? " with a TTY" : ""}`, async (options) => {
    const engine = await startEngine();
    engine.files = new EngineFiles();
    engine.fault = refuseLogs;
    const app = engine.add("app", { tty });
    return {
      source: new DockerSource({
        ...options,
        address: engine.socket,
        engineFiles: engine.files.folder,
        scope: "all",
        since: "beginning",
        restored: new Map(),
        events: new DockerEvents(silentTelemetry()),
      }),
      streams: tty ? ["stdout"] : BOTH,
      print: (texts, stream) => engine.print(app, texts, stream === "stderr" ? 1 : 0),
      finish: () => engine.stop(app),
    };
  });
}

describeSource("standard input", (options) => {
  const input = new PassThrough();
  return {
    source: new StdinSource({ ...options, input }),
    streams: ["stdout"],
    print: (texts) => void input.write(lines(texts)),
    finish: () => void input.end(),
  };
});

/** Prints what it is told over a socket, as `stream text`, and ends when that is closed. */
const PARROT = `
  const { connect } = require("node:net");
  const socket = connect(process.argv[2]);
  let rest = "";
  socket.setEncoding("utf8");
  socket.on("data", (data) => {
    const messages = (rest + data).split("\\0");
    rest = messages.pop();
    for (const message of messages) {
      const { stream, text } = JSON.parse(message);
      process[stream].write(text, () => socket.write("."));
    }
  });
  socket.on("end", () => process.exit(0));
`;

describeSource("a program", async (options) => {
  const folder = mkdtempSync(join(tmpdir(), "parrot-"));
  const program = join(folder, "parrot.cjs");
  const path = join(folder, "socket");
  writeFileSync(program, PARROT);
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    source: new ExecSource({ ...options, command: [process.execPath, program, path] }),
    streams: BOTH,
    print: async (texts, stream = "stdout") => {
      await vi.waitFor(() => {
        if (sockets.length === 0) throw new Error("the program has not started");
      }, 10_000);
      sockets[0]!.write(`${JSON.stringify({ stream, text: lines(texts) })}\0`);
    },
    finish: () => void sockets[0]!.end(),
  };
});
