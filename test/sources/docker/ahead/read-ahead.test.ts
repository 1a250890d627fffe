import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { dialAhead } from "../../../../src/sources/docker/ahead/read-ahead.js";

const WAIT = { timeout: 20_000, interval: 10 };

/** Who listens on a socket: `accepted` are those who came. */
async function listen() {
  const folder = mkdtempSync(join(tmpdir(), "ahead-"));
  const path = join(folder, "socket");
  const accepted: Socket[] = [];
  const server = createServer((socket) => accepted.push(socket)).listen(path);
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of accepted) socket.destroy();
    rmSync(folder, { recursive: true });
  });
  return { address: { kind: "socket", path, text: path } as const, accepted };
}

function dialled(address: Parameters<typeof dialAhead>[0]) {
  const shown: string[] = [];
  const ended: (Error | undefined)[] = [];
  const connection = dialAhead(
    address,
    { request: "hello", idleMs: 0 },
    { shown: (bytes) => shown.push(bytes.toString()), ended: (error) => ended.push(error) },
  );
  onTestFinished(() => connection.destroy());
  return { shown, ended, connection, text: () => shown.join("") };
}

describe("a connection that is read ahead", () => {
  it("sends the request, and shows all that comes, then its end", async () => {
    const { address, accepted } = await listen();
    const { ended, text } = dialled(address);
    await vi.waitFor(() => expect(accepted).toHaveLength(1), WAIT);
    expect(String((await once(accepted[0]!, "data"))[0])).toBe("hello");
    const lines = Array.from({ length: 20_000 }, (_, n) => `${n}\n`);
    for (const line of lines) accepted[0]!.write(line);
    accepted[0]!.end();
    await vi.waitFor(() => expect(ended).toEqual([undefined]), WAIT);
    expect(text()).toBe(lines.join(""));
  });

  it("takes megabytes off whoever sends while nothing is taken, and shows them in order afterwards", async () => {
    const { address, accepted } = await listen();
    const { connection, text } = dialled(address);
    connection.pause();
    await vi.waitFor(() => expect(accepted).toHaveLength(1), WAIT);
    const block = Buffer.from(Array.from({ length: 1_000 }, (_, n) => `${n}`.padEnd(1_000, ".")).join(""));
    for (let n = 0; n < 8; n += 1) accepted[0]!.write(block);
    // A socket alone holds some 200 KB.
    await vi.waitFor(() => expect(accepted[0]!.writableLength).toBe(0), WAIT);
    expect(text()).toBe("");
    connection.resume();
    await vi.waitFor(() => expect(text()).toHaveLength(8 * block.length), WAIT);
    expect(text()).toBe(String(block).repeat(8));
  });

  it("tells why it failed, as the system says it", async () => {
    const { ended } = dialled({ kind: "socket", path: "/nowhere/at-all", text: "" });
    await vi.waitFor(() => expect(ended).toHaveLength(1), WAIT);
    expect(ended[0]).toMatchObject({ code: "ENOENT" });
  });

  it("shows nothing after it was destroyed, and the other side sees it end", async () => {
    const { address, accepted } = await listen();
    const { connection, ended, shown } = dialled(address);
    await vi.waitFor(() => expect(accepted).toHaveLength(1), WAIT);
    connection.destroy();
    // Who does not read does not hear of the end.
    accepted[0]!
      .on("error", () => undefined)
      .resume()
      .write("late");
    await vi.waitFor(() => expect([accepted[0]!.destroyed, ended]).toEqual([true, [undefined]]), WAIT);
    expect(shown).toEqual([]);
  });
});
