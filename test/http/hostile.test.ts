import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { openHttp } from "../../src/http/http.js";
import { collectSamples } from "../../src/http/metrics/sampled.js";
import { ROUTES } from "../../src/http/routes/routes.js";
import { createServer } from "../../src/http/server.js";
import { INSTANCE, makeParts } from "./world.js";

/** A server on a port of its own. */
async function listen(headersMs = 10_000) {
  const parts = await makeParts();
  const server = createServer(parts, {
    routes: ROUTES,
    token: undefined,
    instance: INSTANCE,
    samples: collectSamples(parts.telemetry),
    stopping: new AbortController().signal,
    headersMs,
  });
  onTestFinished(() => server.close());
  await server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const isAlive = async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).status === 200;
  return { parts, port, isAlive };
}

function dial(port: number): Socket {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** What the server says until it hangs up. */
async function answerTo(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  await once(socket, "close");
  return text;
}

async function say(port: number, text: string): Promise<string> {
  const socket = dial(port);
  const answer = answerTo(socket);
  socket.end(text);
  return answer;
}

describe("a hostile client", () => {
  it("gets a coded refusal for what is no request, or too large a one", async () => {
    const { port, parts, isAlive } = await listen();
    const host = "Host: localhost\r\n";
    const large = `GET /healthz HTTP/1.1\r\n${host}X: ${"x".repeat(1e6)}\r\n\r\n`;
    const cases: [string, string][] = [
      ["403", "GET /healthz\r\n\r\n"],
      ["400", "\u0016\u0003\u0001\u0000 hello\r\n\r\n"],
      ["431", large],
      ["403", "GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"],
      ["403", "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"],
      ["404", `GET /..%2f..%2fetc/passwd HTTP/1.1\r\n${host}Connection: close\r\n\r\n`],
      [
        "413",
        `POST /api/explain HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n{`,
      ],
    ];
    for (const [status, request] of cases) {
      const answer = await say(port, request);
      expect(answer.slice(0, 13)).toBe(`HTTP/1.1 ${status} `);
      expect(Object.keys(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n"))))).toEqual([
        "code",
        "message",
        "remedy",
      ]);
    }
    expect(parts.telemetry.counters.get("http_refused_total", "malformed")).toBe(2);
    expect(await isAlive()).toBe(true);
  });

  it("that sends a body without an end is stopped at the limit", async () => {
    const { port, isAlive } = await listen();
    const socket = dial(port);
    const answer = answerTo(socket);
    socket.write(
      "POST /api/explain HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
    );
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    while (!socket.destroyed) {
      if (!socket.write(chunk)) await Promise.race([once(socket, "drain"), once(socket, "close")]);
      else await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(socket.bytesWritten).toBeLessThan(20e6);
    expect(await isAlive()).toBe(true);
  });

  it("that sends a letter at a time, or nothing, is let go", async () => {
    const { port, isAlive } = await listen(400);
    const [slow, silent] = [dial(port), dial(port)];
    const answers = Promise.all([slow, silent].map(answerTo));
    slow.write("GET /healthz HTTP/1.1\r\n");
    const drip = setInterval(() => slow.write("x"), 50);
    onTestFinished(() => clearInterval(drip));
    const [slowly] = await answers;
    expect(slowly).toMatch(/^HTTP\/1\.1 408 /);
    expect(await isAlive()).toBe(true);
  });

  it("gets so many connections and no more", async () => {
    const { port, parts } = await listen();
    const sockets = Array.from({ length: 140 }, () => dial(port));
    const closed = () => sockets.filter((socket) => socket.closed).length;
    await expect.poll(closed, { timeout: 10_000 }).toBe(12);
    expect(parts.telemetry.counters.get("http_refused_total", "connections")).toBe(12);
  });
});

describe("an address", () => {
  it("that is taken is told with who has it, or done without where nobody asked for it", async () => {
    const { port } = await listen();
    const address = { host: "127.0.0.1", port };
    const open = async (isDefault: boolean) => {
      const parts = await makeParts();
      return openHttp(parts, { address, token: undefined, isDefault, examine: parts.examine });
    };
    await expect(open(false)).rejects.toMatchObject({
      code: "HTTP_ADDRESS",
      detail: expect.stringContaining(`127.0.0.1:${port} is taken`),
    });
    if (process.platform === "linux") await expect(open(false)).rejects.toThrow(`(process ${process.pid})`);
    expect(await open(true)).toBeUndefined();
  });
});
