import { readdir, readFile, readlink } from "node:fs/promises";

/** State of a socket that listens, in /proc/net/tcp (proc(5)). */
const LISTENING = "0A";

/** Who listens on a port, such as `node (process 4711)`; undefined where that cannot be known: no Linux, or another user's process. */
export async function listenerOf(port: number): Promise<string | undefined> {
  try {
    const inodes = new Set((await Promise.all(["tcp", "tcp6"].map((table) => inodesIn(table, port)))).flat());
    for (const pid of await readdir("/proc")) {
      if (!/^\d+$/.test(pid) || !(await holdsOne(pid, inodes))) continue;
      const name = (await readFile(`/proc/${pid}/comm`, "utf8")).trim();
      return `${name} (process ${pid})`;
    }
  } catch {
    // It only makes a message better.
  }
  return undefined;
}

async function inodesIn(table: string, port: number): Promise<string[]> {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const lines = (await readFile(`/proc/net/${table}`, "utf8")).split("\n");
  return lines.flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return local?.endsWith(`:${hex}`) && state === LISTENING && inode !== undefined ? [inode] : [];
  });
}

async function holdsOne(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  try {
    const folder = `/proc/${pid}/fd`;
    const targets = await Promise.all(
      (await readdir(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => "")),
    );
    return targets.some((target) => inodes.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? ""));
  } catch {
    // Another user's process, or one that has just ended.
    return false;
  }
}
