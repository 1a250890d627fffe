import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DEAD_AFTER_MS } from "../../src/store/owner.js";

const program = fileURLToPath(new URL("../fixtures/store-holder.mjs", import.meta.url));
const dist = fileURLToPath(new URL("../../dist", import.meta.url));

describe("the lock of the log volume", () => {
  let logDir = "";
  const children: ChildProcess[] = [];
  beforeEach(() => {
    logDir = mkdtempSync(join(tmpdir(), "lock-"));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await end(child, "SIGKILL");
    rmSync(logDir, { recursive: true, force: true });
  });

  /** Starts a process that opens the store; gives its first line and the time it took. */
  async function start(folder = logDir): Promise<{ child: ChildProcess; line: string; tookMs: number }> {
    const startMs = performance.now();
    const child = spawn(process.execPath, [program, dist, folder], { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    const [text] = (await once(child.stdout ?? child, "data")) as [Buffer];
    return { child, line: String(text).trim(), tookMs: performance.now() - startMs };
  }

  async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  }

  it("keeps a second one out and names the first", async () => {
    const first = await start();
    expect(first.line).toBe("open");
    const second = await start();
    expect(second.line).toMatch(/^VOLUME_LOCKED: /);
    expect(second.line).toContain(`process ${first.child.pid} on ${hostname()}, since 20`);
    expect(second.line).toContain(logDir);
    // The one that was refused has not harmed the first.
    expect((await start()).line).toMatch(/^VOLUME_LOCKED: /);
  });

  it("is free at once after SIGKILL, and leaves no sockets behind", async () => {
    for (let i = 0; i < 3; i++) {
      const { child, line, tookMs } = await start();
      expect(line).toBe("open");
      // Nobody waited for its beat.
      expect(tookMs).toBeLessThan(DEAD_AFTER_MS);
      await end(child, "SIGKILL");
      expect(existsSync(join(logDir, ".sidecar/lock"))).toBe(true);
    }
    await start();
    expect(readdirSync(join(logDir, ".sidecar")).filter((name) => name.endsWith(".sock"))).toHaveLength(1);
  });

  it("tidies up after one that was killed while it took the lock over", async () => {
    await end((await start()).child, "SIGKILL");
    const lock = join(logDir, ".sidecar/lock");
    const { token } = JSON.parse(readFileSync(lock, "utf8")) as { token: string };
    renameSync(lock, `${lock}.${token}`);
    expect((await start()).line).toBe("open");
    expect(readdirSync(join(logDir, ".sidecar")).filter((name) => /^lock\./.test(name))).toEqual([]);
  });

  it("lets one of several in that start together after a SIGKILL", async () => {
    await end((await start()).child, "SIGKILL");
    const lines = (await Promise.all([start(), start(), start(), start()])).map(({ line }) => line);
    expect(lines.filter((line) => line === "open")).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith("VOLUME_LOCKED"))).toHaveLength(3);
  });

  it("is given back by close", async () => {
    await end((await start()).child, "SIGTERM");
    expect(readdirSync(join(logDir, ".sidecar")).filter((name) => name.startsWith("lock"))).toEqual([]);
  });

  it("is told apart by its beat where no socket can answer", async () => {
    // Longer than a socket's path may be.
    const folder = join(logDir, "long".repeat(25));
    const first = await start(folder);
    expect(JSON.parse(readFileSync(join(folder, ".sidecar/lock"), "utf8"))).not.toHaveProperty("socket");
    expect((await start(folder)).line).toMatch(/^VOLUME_LOCKED: /);
    await end(first.child, "SIGKILL");
    // Same pids, and that one has ended.
    expect((await start(folder)).line).toBe("open");
  });

  it("of another machine, and half a lock file, are free when they do not beat", async () => {
    const other = { token: "1", pid: 1, host: "other", since: "2026", bootId: "other", pidSpace: "other" };
    const starts = [JSON.stringify(other), '{"token":'].map((text, turn) => {
      const folder = join(logDir, String(turn));
      mkdirSync(join(folder, ".sidecar"), { recursive: true });
      writeFileSync(join(folder, ".sidecar/lock"), text);
      return start(folder);
    });
    for (const { line, tookMs } of await Promise.all(starts)) {
      expect(line).toBe("open");
      expect(tookMs).toBeGreaterThan(DEAD_AFTER_MS);
    }
  });

  it("that is taken away although its owner lives stops the owner", async () => {
    const { child } = await start();
    const lock = join(logDir, ".sidecar/lock");
    const made = statSync(lock);
    // The owner has touched it, and sees now whether it is as it was left.
    await vi.waitFor(() => expect(statSync(lock).mtimeMs).toBeGreaterThan(made.mtimeMs), { timeout: 10_000 });
    writeFileSync(lock, "x".repeat(made.size));
    const [text] = (await once(child.stdout ?? child, "data")) as [Buffer];
    expect(String(text)).toBe("fatal VOLUME_LOCKED\n");
  });

  it("that is removed by hand is put back", async () => {
    const { child } = await start();
    rmSync(join(logDir, ".sidecar/lock"));
    const owner = () => JSON.parse(readFileSync(join(logDir, ".sidecar/lock"), "utf8")).pid;
    await vi.waitFor(() => expect(owner()).toBe(child.pid), { timeout: 10_000, interval: 50 });
  });
});
