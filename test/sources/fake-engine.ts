import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineAddress } from "../../src/sources/docker/engine.js";
import type { EngineFiles } from "./engine-files.js";
import { type Driver, frame, type Message, messagesOf, ttyText } from "./engine-log.js";
import { HeldLog, type SinceRule } from "./held-log.js";

/** A container of the fake engine; its state is changed through the engine's methods. */
export interface FakeContainer {
  readonly id: string;
  name: string;
  status: "created" | "running" | "restarting" | "exited";
  readonly tty: boolean;
  readonly driver: string;
  readonly options: Record<string, string>;
  readonly labels: Record<string, string>;
  /** As `NAME=value`. */
  readonly env: readonly string[];
  readonly log: HeldLog;
  startedAt: string;
}

/** A request that a test wants answered in its own way. */
export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly response: ServerResponse;
  /** How many requests of this path came before it. */
  readonly before: number;
}

/** Answers a request and returns true, or leaves it to the engine. */
export type Fault = (asked: Asked) => boolean | undefined;

interface Follower {
  readonly container: FakeContainer;
  readonly response: ServerResponse;
  /** Gets nothing more, as a follower of a file that was cut. */
  deaf: boolean;
}

/** Answers like a Docker Engine what the sidecar asks: containers, inspect, logs, events, version. GET alone. */
export class FakeEngine {
  readonly containers = new Map<string, FakeContainer>();
  fault: Fault = () => undefined;
  /** Where set, messages stand in files as well. */
  files: EngineFiles | undefined;
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  readonly #rule: SinceRule;
  readonly #folder = mkdtempSync(join(tmpdir(), "engine-"));
  readonly #followers = new Set<Follower>();
  readonly #listeners = new Set<ServerResponse>();
  #server: Server | undefined;
  #port = 0;
  /** Engine clock minus ours. */
  clockAheadMs = 0;
  #lastNs = 0n;

  constructor(rule: SinceRule = "first") {
    this.#rule = rule;
  }

  get socket(): EngineAddress {
    const path = join(this.#folder, "docker.sock");
    return { kind: "socket", path, text: `unix://${path}` };
  }

  get tcp(): EngineAddress {
    return {
      kind: "tcp",
      host: "127.0.0.1",
      port: this.#port,
      tls: undefined,
      text: `tcp://127.0.0.1:${this.#port}`,
    };
  }

  async start(how: "socket" | "tcp" = "socket"): Promise<void> {
    this.#server = createServer((request, response) => this.#answer(request, response));
    const { socket } = this;
    if (how === "tcp") this.#server.listen(this.#port, "127.0.0.1");
    else if (socket.kind === "socket") this.#server.listen(socket.path);
    await once(this.#server, "listening");
    if (how === "tcp") this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Goes away at once, connections and all; the containers stay as they are. */
  async halt(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
    this.#followers.clear();
    this.#listeners.clear();
  }

  async remove(): Promise<void> {
    await this.halt();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  add(name: string, made: Partial<FakeContainer> = {}): FakeContainer {
    const id = Buffer.from(name).toString("hex").padEnd(64, "0").slice(0, 64);
    // The engine makes the log's first file before it says that the container has started.
    this.files?.append(id, []);
    const container: FakeContainer = {
      id,
      name,
      status: "running",
      tty: false,
      driver: "json-file",
      options: {},
      labels: {},
      env: [],
      log: new HeldLog(this.#rule),
      startedAt: this.now(),
      ...made,
    };
    this.containers.set(id, container);
    if (container.status === "running") this.tell("start", container);
    return container;
  }

  /** Engine time: rising, unless the test sets the clock. */
  now(ms = Date.now()): string {
    const ns = BigInt(ms + this.clockAheadMs) * 1_000_000n;
    this.#lastNs = ns > this.#lastNs || this.#lastNs - ns > 1_000_000_000n ? ns : this.#lastNs + 1n;
    const text = new Date(Number(this.#lastNs / 1_000_000n)).toISOString().slice(0, 20);
    return `${text}${String(this.#lastNs % 1_000_000_000n).padStart(9, "0")}Z`;
  }

  /** The container prints lines, one call of write each, in one moment, however long a busy machine takes for it. */
  print(container: FakeContainer, texts: readonly string[], stream: 0 | 1 = 0, ts?: string): void {
    const ms = Date.now();
    for (const text of texts) {
      const bytes = Buffer.from(container.tty ? `${text}\r` : text);
      const line = { ts: ts ?? this.now(ms), stream, bytes, ended: true };
      this.store(container, messagesOf(line, container.driver as Driver));
    }
  }

  store(container: FakeContainer, messages: readonly Message[]): void {
    container.log.messages.push(...messages);
    this.files?.append(container.id, messages);
    this.send(container, messages);
  }

  /** Sends messages to the followers alone. */
  send(container: FakeContainer, messages: readonly Message[]): void {
    for (const follower of this.#followersOf(container)) {
      if (!follower.deaf)
        for (const message of messages) follower.response.write(bytesOf(container, message));
    }
  }

  /** Sends raw bytes to the followers. */
  sendBytes(container: FakeContainer, bytes: Buffer): void {
    for (const { response } of this.#followersOf(container)) response.write(bytes);
  }

  /**
   * Sends half a message to the followers; the function that is returned sends the rest. It is one chunk, as the engine makes it, or one of
   * each half, as a proxy can.
   */
  sendHalf(container: FakeContainer, message: Message, as: "chunk" | "chunks"): () => void {
    const bytes = bytesOf(container, message);
    const at = Math.floor(bytes.length / 2);
    const [head, end] = as === "chunk" ? [`${bytes.length.toString(16)}\r\n`, "\r\n"] : ["", ""];
    const send = (half: Buffer, before: string, after: string) => {
      for (const { response } of this.#followersOf(container))
        if (as === "chunks") response.write(half);
        else response.socket?.write(Buffer.concat([Buffer.from(before), half, Buffer.from(after)]));
    };
    send(bytes.subarray(0, at), head, "");
    return () => send(bytes.subarray(at), "", end);
  }

  followers(container: FakeContainer): number {
    return this.#followersOf(container).length;
  }

  deafen(container: FakeContainer): void {
    for (const follower of this.#followersOf(container)) follower.deaf = true;
  }

  /** They get again what comes from now on: what came meanwhile they have left out. */
  hear(container: FakeContainer): void {
    for (const follower of this.#followersOf(container)) follower.deaf = false;
  }

  /** Cuts the connections of the followers, or resets them (TCP). */
  cut(container: FakeContainer, how: "close" | "reset" = "close"): void {
    for (const follower of this.#followersOf(container)) {
      const { socket } = follower.response;
      if (how === "reset" && socket instanceof Socket) socket.resetAndDestroy();
      else socket?.destroy();
      this.#followers.delete(follower);
    }
  }

  /** Ends the followers' streams as the engine does when the container stops. */
  endStreams(container: FakeContainer): void {
    for (const follower of this.#followersOf(container)) {
      follower.response.end();
      this.#followers.delete(follower);
    }
  }

  stop(container: FakeContainer, status: "exited" | "restarting" = "exited"): void {
    container.status = status;
    this.endStreams(container);
    this.tell("die", container);
  }

  restart(container: FakeContainer): void {
    container.status = "running";
    container.startedAt = this.now();
    this.tell("start", container);
  }

  destroy(container: FakeContainer): void {
    if (container.status === "running") this.stop(container);
    this.containers.delete(container.id);
    this.tell("destroy", container);
  }

  rename(container: FakeContainer, name: string): void {
    container.name = name;
    this.tell("rename", container);
  }

  tell(action: string, container: FakeContainer): void {
    const event = {
      Type: "container",
      Action: action,
      Actor: { ID: container.id, Attributes: { name: container.name } },
    };
    for (const response of this.#listeners) response.write(`${JSON.stringify(event)}\n`);
  }

  /** Ends the streams of events. */
  hushEvents(): void {
    for (const response of this.#listeners) response.end();
    this.#listeners.clear();
  }

  #followersOf(container: FakeContainer): Follower[] {
    return [...this.#followers].filter((follower) => follower.container === container);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://engine");
    const path = url.pathname;
    const before = this.asked.filter((other) => other === path).length;
    this.asked.push(path);
    if (request.method !== "GET") refuse(response, 405, "only GET requests are allowed");
    else if (this.fault({ path, query: url.searchParams, response, before }) !== true) {
      this.#serve(path, url.searchParams, response);
    }
  }

  #serve(path: string, query: URLSearchParams, response: ServerResponse): void {
    const [, , id = "", what] = path.split("/");
    const container = this.containers.get(id);
    if (path === "/version") json(response, { Version: "20.10.24", ApiVersion: "1.41" });
    else if (path === "/events") this.#events(query, response);
    else if (path === "/containers/json") json(response, [...this.containers.values()].map(listed));
    else if (container === undefined) refuse(response, 404, `No such container: ${id}`);
    else if (what === "json") json(response, inspected(container));
    else this.#logs(container, query, response);
  }

  #events(query: URLSearchParams, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    if (query.has("until")) {
      response.end();
      return;
    }
    this.#listeners.add(response);
    response.on("close", () => this.#listeners.delete(response));
  }

  #logs(container: FakeContainer, query: URLSearchParams, response: ServerResponse): void {
    response.writeHead(200);
    response.flushHeaders();
    const tail = query.get("tail");
    const asked = { since: query.get("since") ?? undefined, tail: tail === null ? undefined : Number(tail) };
    // A chunk for each message, as the engine makes them, in few writes.
    response.cork();
    for (const message of container.log.select(asked)) response.write(bytesOf(container, message));
    response.uncork();
    if (query.get("follow") !== "1" || container.status !== "running") {
      response.end();
      return;
    }
    const follower = { container, response, deaf: false };
    this.#followers.add(follower);
    response.on("close", () => this.#followers.delete(follower));
  }
}

function bytesOf(container: FakeContainer, message: Message): Buffer {
  return container.tty ? ttyText(message) : frame(message);
}

function listed({ id, name, status, labels }: FakeContainer): unknown {
  return { Id: id, Names: [`/${name}`], State: status, Labels: labels };
}

/** The answer to inspect. */
export function inspected({
  id,
  name,
  status,
  tty,
  driver,
  options,
  labels,
  env,
  startedAt,
}: FakeContainer): object {
  const running = status === "running" || status === "restarting";
  return {
    Id: id,
    Name: `/${name}`,
    Config: { Image: "image:1", Tty: tty, Labels: labels, Env: env },
    State: { Running: running, Restarting: status === "restarting", StartedAt: startedAt },
    HostConfig: { LogConfig: { Type: driver, Config: options } },
  };
}

/** Answers with a value. */
export function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

/** Refuses in the engine's way. */
export function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ message }));
}
