import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { StreamIndex } from "../../src/sources/position.js";
import { type FakeContainer, type FakeEngine, inspected, json, refuse } from "./fake-engine.js";

/** What conmon reads from a container's pipe at once, at most 8,192 bytes. */
export interface PipeRead {
  readonly ts: string;
  readonly stream: StreamIndex;
  readonly bytes: Buffer;
}

/** What conmon writes for it (src/ctr_logging.c, write_k8s_log): an entry a line, and P on what does not end one. */
export function k8sEntries({ ts, stream, bytes }: PipeRead): Buffer {
  const head = `${ts.slice(0, 29)}+00:00 ${stream === 1 ? "stderr" : "stdout"}`;
  const entries: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from) + 1 || bytes.length;
    const whole = bytes[end - 1] === 10;
    entries.push(Buffer.from(`${head} ${whole ? "F" : "P"} `), bytes.subarray(from, end));
    if (!whole) entries.push(Buffer.from("\n"));
    from = end;
  }
  return Buffer.concat(entries);
}

/** Podman's folder of containers, written as conmon writes it, until the test ends. */
export class PodmanFiles {
  readonly folder = mkdtempSync(join(tmpdir(), "overlay-containers-"));

  constructor() {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  path(id: string): string {
    mkdirSync(join(this.folder, id, "userdata"), { recursive: true });
    return join(this.folder, id, "userdata", "ctr.log");
  }

  append(id: string, ...reads: readonly PipeRead[]): void {
    appendFileSync(this.path(id), Buffer.concat(reads.map(k8sEntries)));
  }

  /** The log is full: the next one takes its place. */
  rotate(id: string): void {
    const path = this.path(id);
    writeFileSync(`${path}.tmp`, "");
    renameSync(`${path}.tmp`, path);
  }

  remove(id: string): void {
    rmSync(join(this.folder, id), { recursive: true });
  }
}

interface OwnLog {
  readonly driver?: string;
  readonly path?: string;
  readonly size?: string;
}

/** Makes the engine answer as Podman does; `logOf` is what its own API says of a container's log. */
export function answerAsPodman(
  engine: FakeEngine,
  logOf: (container: FakeContainer) => OwnLog = () => ({}),
): void {
  engine.fault = ({ path, response }) => {
    if (path === "/version") {
      const components = [{ Name: "Podman Engine", Version: "5.4.2" }];
      json(response, { Version: "5.4.2", ApiVersion: "1.41", Components: components });
      return true;
    }
    const id = /^\/v4\.0\.0\/libpod\/containers\/([^/]+)\/json$/.exec(path)?.[1];
    const container = id === undefined ? undefined : engine.containers.get(id);
    if (container === undefined) return false;
    const { driver = "k8s-file", path: Path = storedAt(container.id), size = "0B" } = logOf(container);
    json(response, { HostConfig: { LogConfig: { Type: driver, Path, Size: size } } });
    return true;
  };
}

/** The same behind a proxy that lets only the Docker-compatible API through. */
export function refuseOwnApi(engine: FakeEngine): void {
  const { fault } = engine;
  engine.fault = (request) => {
    const { path, response } = request;
    const container = engine.containers.get(/^\/containers\/([^/]+)\/json$/.exec(path)?.[1] ?? "");
    if (container !== undefined) json(response, { ...inspected(container), LogPath: storedAt(container.id) });
    else if (path.includes("/libpod/")) refuse(response, 403, "forbidden");
    else return fault(request);
    return true;
  };
}

function storedAt(id: string): string {
  return `/var/lib/containers/storage/overlay-containers/${id}/userdata/ctr.log`;
}
