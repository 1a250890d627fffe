import { existsSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { requirement } from "../requirements.js";
import { connect, removeContainers, runToEnd } from "./engine.js";
import { EngineProcess } from "./engine-process.js";
import { lineNumber, printLines } from "./lines.js";

describe.skipIf(requirement("engine").missing)("the engine of the tests", () => {
  const docker = connect();
  const made: Parameters<typeof removeContainers>[0][number][] = [];
  afterAll(() => removeContainers(made));

  async function linesOf(script: string, perSecond?: number): Promise<{ numbers: unknown[]; ms: number }> {
    const begin = Date.now();
    const { container, status } = await runToEnd(docker, { script, tty: perSecond === undefined });
    made.push(container);
    const ms = Date.now() - begin;
    expect(status).toBe(0);
    const log = await container.logs({ stdout: true, stderr: true });
    const lines = log.toString("latin1").split(/\r?\n/);
    return { numbers: lines.map((line) => lineNumber(line.replace(/^[^{]*/, ""))).filter(Number), ms };
  }

  it("is the one that was named, or any", async () => {
    const version = await docker.version();
    const said = [version.Version, ...(version.Components ?? []).map(({ Name }) => Name)].join(" ");
    const named = process.env["TEST_ENGINE"] ?? "";
    expect(said).toMatch(
      { "": /Engine/, "26": /^26\..*Engine/, podman: /Podman Engine/ }[named] ?? "unknown",
    );
  });

  it("prints numbered lines at once", async () => {
    const { numbers } = await linesOf(printLines({ count: 2_000, first: 11 }));
    expect(numbers).toEqual(Array.from({ length: 2_000 }, (_, index) => index + 11));
  });

  it("prints numbered lines at a pace, on either stream", async () => {
    const { numbers, ms } = await linesOf(
      printLines({ count: 400, perSecond: 400, bytes: 64, stream: "stderr" }),
      400,
    );
    expect(numbers).toHaveLength(400);
    expect(ms).toBeGreaterThan(950);
  });
});

describe.skipIf(requirement("private-engine").missing)("a private engine", () => {
  it("is killed and started again with its containers' logs, and leaves nothing behind", async () => {
    const engine = await EngineProcess.launch({ network: "own" });
    try {
      const docker = connect(engine.socketPath);
      const { container } = await runToEnd(docker, { script: "echo said before" });
      await engine.kill();
      await expect(docker.ping()).rejects.toThrow();
      await engine.start();
      const log = await container.logs({ stdout: true });
      expect(log.subarray(8).toString()).toBe("said before\n");
    } finally {
      await engine.close();
    }
    expect(existsSync(engine.folder)).toBe(false);
  });
});
