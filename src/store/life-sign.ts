import { once } from "node:events";
import { rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { systemCode } from "../core/errors.js";

/** A socket that answers for as long as this process lives: the kernel closes it, however the process ends. */
export interface LifeSign {
  /** File name in the folder. */
  readonly name: string;
  close(): Promise<void>;
}

/** Longest path of a socket (`sun_path` of unix(7) holds 108 bytes). */
const LONGEST_PATH = 107;
const ANSWER_MS = 2000;

/** Of the process with this token. */
export function socketName(token: string): string {
  return `lock-${token}.sock`;
}

/** Undefined where no socket can be made: the path is too long, or the file system has none. */
export async function openLifeSign(folder: string, token: string): Promise<LifeSign | undefined> {
  const name = socketName(token);
  const path = join(folder, name);
  if (Buffer.byteLength(path) > LONGEST_PATH) return undefined;
  const server = createServer((connection) => connection.destroy());
  server.unref();
  try {
    const listening = once(server, "listening");
    server.listen(path);
    await listening;
  } catch {
    // Shared folders of virtual machines, CIFS: the beat of the lock file has to do.
    return undefined;
  }
  return {
    name,
    async close() {
      server.close();
      await rm(path, { force: true });
    },
  };
}

/** Whether somebody listens on the socket; undefined when that cannot be told. */
export async function answers(path: string): Promise<boolean | undefined> {
  if (Buffer.byteLength(path) > LONGEST_PATH) return undefined;
  const connection = connect(path);
  try {
    await once(connection, "connect", { signal: AbortSignal.timeout(ANSWER_MS) });
    return true;
  } catch (cause) {
    return systemCode(cause) === "ECONNREFUSED" ? false : undefined;
  } finally {
    connection.on("error", () => undefined).destroy();
  }
}
