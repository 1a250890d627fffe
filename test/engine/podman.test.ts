import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { promisify } from "node:util";
import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSettings } from "../../src/config/load.js";
import { examine } from "../../src/doctor/doctor.js";
import { readStatus } from "../../src/status/status-file.js";
import { requirement } from "../requirements.js";
import { connect, runContainer } from "./engine.js";
import { EngineProcess } from "./engine-process.js";
import { printLines } from "./lines.js";
import { COLLECT, SidecarProcess } from "./sidecar.js";
import { storedRecords } from "./stored.js";

const LINES = 1_000;

describe.skipIf(requirement("podman").missing)("beside Podman", () => {
  let engine: EngineProcess;
  let docker: Docker;
  let sidecar: SidecarProcess;
  let env: Record<string, string>;

  beforeAll(async () => {
    engine = await EngineProcess.launch({ network: "own", engine: podmanOfTests() });
    docker = connect(engine.socketPath);
    env = { DOCKER_HOST: engine.host, SIDECAR_HTTP: "off" };
  });

  afterAll(async () => {
    await sidecar?.stop();
    await engine?.close();
    if (sidecar) await rm(sidecar.logDir, { recursive: true, force: true });
  });

  /** After the storage driver. */
  function files(): string {
    const data = `${engine.folder}/data`;
    return `${data}/${readdirSync(data).find((name) => name.endsWith("-containers"))}`;
  }

  function run(name: string, script: string, more: { tty?: boolean; logDriver?: string } = {}) {
    return runContainer(docker, { name, script, logDriver: "k8s-file", labels: COLLECT, ...more });
  }

  async function stored(name: string): Promise<string[]> {
    const records = (await storedRecords(sidecar.logDir)).filter(({ container }) => container === name);
    return records.map(({ message, data, event_type }) =>
      briefly(message ?? String(data?.["n"] ?? event_type)),
    );
  }

  async function storedUpTo(name: string, last: string): Promise<string[]> {
    await sidecar.until(
      `${name}: ${last} is stored`,
      async () => (await stored(name)).at(-1) === last,
      60_000,
    );
    return await stored(name);
  }

  it("stores nothing and says what is missing where its log files are not mounted", async () => {
    const script = `${printLines({ count: LINES, perSecond: 500 })}; echo done; sleep 1000`;
    await run("pm-lines", script);
    sidecar = await SidecarProcess.start({ env });
    await sidecar.until("it has told", () => sidecar.log.includes("PODMAN_LOG"));
    expect(sidecar.log).toContain("pm-lines cannot be collected: Podman gives lines with whole seconds only");
    await sidecar.stop();
    expect(await storedRecords(sidecar.logDir)).toEqual([]);
  });

  it("stores each line once, whether the sidecar is killed or the engine", async () => {
    const mounted = { ...env, SIDECAR_ENGINE_FILES: files() };
    for (let kills = 0; kills < 3; kills += 1) {
      sidecar = await SidecarProcess.start({ logDir: sidecar.logDir, env: mounted });
      const before = (await stored("pm-lines")).length;
      const more = async () => (await stored("pm-lines")).length > Math.min(before + 100, LINES);
      await sidecar.until("it stores lines", more, 60_000);
      await sidecar.kill();
    }
    sidecar = await SidecarProcess.start({ logDir: sidecar.logDir, env: mounted });
    await engine.kill();
    await engine.start();
    const all = [...Array.from({ length: LINES }, (_, index) => String(index + 1)), "done"];
    expect(await storedUpTo("pm-lines", "done")).toEqual(all);
    // What verify compares is what the status says; that is written each two seconds.
    const status = async () => (await readStatus(sidecar.logDir)).containers.map(({ read }) => read);
    await sidecar.until("the status has all lines", async () => (await status()).includes(all.length));
    const verify = ["dist/main.js", "verify", "--json", "--log-dir", sidecar.logDir];
    // Where it ends with 1, what it says tells more than that it did.
    const { stdout, stderr } = await promisify(execFile)(process.execPath, verify, {
      env: { ...process.env, ...mounted },
    }).catch((ended: { stdout: string; stderr: string }) => ended);
    const [{ held, recent, missingCount, doubleCount }] = JSON.parse(
      stdout || `[{"stderr":${JSON.stringify(stderr)}}]`,
    );
    expect([held + recent, missingCount, doubleCount], stdout + stderr).toEqual([all.length, 0, 0]);
  });

  it("stores long lines, both streams, a terminal's lines and last words as they were printed, and of the next run, too", async () => {
    const of = "of() { head -c $1 /dev/zero | tr '\\0' $2; }";
    const script = `${of}; printf 'be'; sleep 0.1; echo 'gun'; echo error >&2; of 8192 a; echo; of 40000 b; echo; of 3 c; echo; printf end`;
    const again = await run("pm-words", script);
    await run("pm-terminal", script, { tty: true });
    const out = ["begun", "a x 8192", "b x 40000", "c x 3", "end"];
    // What went to two files is read from one after the other.
    const whole = async () => (await stored("pm-words")).length > out.length;
    await sidecar.until("pm-words: both streams are stored", whole, 60_000);
    const words = await storedUpTo("pm-words", "end");
    expect(words.filter((text) => text !== "error")).toEqual(out);
    expect(words).toHaveLength(out.length + 1);
    expect(await storedUpTo("pm-terminal", "end")).toEqual(out.toSpliced(1, 0, "error"));
    await again.start();
    const twice = async () => (await stored("pm-words")).length === 2 * words.length;
    await sidecar.until("it has ended again", twice, 60_000);
    expect((await stored("pm-words")).filter((text) => text !== "error")).toEqual([...out, ...out]);
  });

  it("names the driver whose lines it cannot have, and collects the others", async () => {
    await run("pm-none", "echo never; sleep 1000", { logDriver: "none" });
    await sidecar.until("it has told", () => sidecar.log.includes("pm-none cannot be collected"));
    expect(sidecar.log).toContain("its log driver none with whole seconds only");
    const vars = {
      ...env,
      SIDECAR_SCOPE: "labelled",
      SIDECAR_LOG_DIR: sidecar.logDir,
      SIDECAR_ENGINE_FILES: files(),
    };
    const settings = loadSettings({ env: vars, flags: {}, configFile: undefined });
    const report = await examine({ settings, rulesDir: "rules", env: vars, wasRoot: false, quietMs: 500 });
    expect(report.facts["engine"]).toMatch(/^Podman Engine \d/);
    const errors = report.findings.filter(({ id }) => id === "podman-log").map(({ what }) => what);
    expect(errors.map((what) => what.split(":")[0])).toEqual(["pm-none"]);
  });
});

/** `a x 8192` for as many of one letter. */
function briefly(text: string): string {
  return text.replace(/^([abc])\1+$/, (all, letter: string) => `${letter} x ${all.length}`);
}

/** The one that `--engine podman` names, else this machine's own. */
function podmanOfTests(): "podman" | "own-podman" {
  return process.env["TEST_ENGINE"] === "podman" ? "podman" : "own-podman";
}
