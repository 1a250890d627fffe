import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { main } from "../../src/cli/program.js";
import { loadSettings } from "../../src/config/load.js";
import { examine } from "../../src/doctor/doctor.js";
import type { Finding } from "../../src/doctor/finding.js";
import { encodeCheckpoint } from "../../src/store/checkpoint.js";
import { requirement } from "../requirements.js";
import { rulesFolder } from "../rules/records.js";
import { FakeEngine } from "../sources/fake-engine.js";
import { answerAsPodman, refuseOwnApi } from "../sources/podman-log.js";

const PROGRAM = fileURLToPath(new URL("../../dist/main.js", import.meta.url));
const ROTATED = { "max-size": "50m", "max-file": "4" };

let engine: FakeEngine;
let logDir: string;
let rulesDir: string;
const env: Record<string, string> = {};

beforeEach(async () => {
  engine = new FakeEngine();
  logDir = mkdtempSync(join(tmpdir(), "doctor-"));
  rulesDir = await rulesFolder({
    "a.yaml": "rules:\n  - { id: a, match: { event_type: a }, to: { raw: {} } }\n",
  });
  for (const name of Object.keys(env)) delete env[name];
  Object.assign(env, { SIDECAR_LOG_DIR: logDir, SIDECAR_SCOPE: "all", SIDECAR_DISK_HIGH: "99" });
  onTestFinished(async () => {
    await engine.remove();
    rmSync(logDir, { recursive: true, force: true });
  });
});

async function start(how: "socket" | "tcp" = "socket") {
  await engine.start(how);
  env["DOCKER_HOST"] = engine[how].text;
}

async function findings(wasRoot = false): Promise<readonly Finding[]> {
  const settings = loadSettings({ env, flags: {}, configFile: undefined });
  return (await examine({ settings, rulesDir, env, wasRoot, quietMs: 300 })).findings;
}

async function ids(wasRoot = false): Promise<string[]> {
  return (await findings(wasRoot)).map(({ id }) => id);
}

function refuse(response: ServerResponse, status = 403): true {
  response.writeHead(status).end("refused\n");
  return true;
}

describe("the engine", () => {
  it("that is absent is an error, and none when it answers", async () => {
    env["DOCKER_HOST"] = engine.socket.text;
    expect(await findings()).toMatchObject([{ id: "engine-absent", level: "error" }]);
    engine.add("api", { options: ROTATED });
    await start();
    expect(await ids()).toEqual([]);
  });

  it("is not asked for where lines come from a pipe", async () => {
    env["DOCKER_HOST"] = engine.socket.text;
    const settings = loadSettings({ env, flags: {}, configFile: undefined });
    const { findings } = await examine({ settings, rulesDir, env, wasRoot: false, hasEngine: false });
    expect(findings).toEqual([]);
  });

  it("without containers is all well but for them", async () => {
    await start("tcp");
    engine.fault = ({ path, response }) => path.endsWith("/archive") && refuse(response);
    expect(await findings()).toMatchObject([
      { id: "nobody", remedy: expect.stringContaining("SIDECAR_SCOPE=all") },
    ]);
    engine.add("api", { options: ROTATED });
    expect(await ids()).toEqual([]);
  });

  it("behind a proxy that refuses something: which, and the list that allows it", async () => {
    const { id } = engine.add("api", { options: ROTATED });
    await start("tcp");
    const isLogs = (path: string) => path.endsWith("/logs");
    engine.fault = ({ path, response }) => (isLogs(path) || path.endsWith("/archive")) && refuse(response);
    const [first] = await findings();
    expect(first).toMatchObject({
      id: "request-refused",
      level: "error",
      what: expect.stringContaining("GET /containers/ID/logs (403)"),
    });
    // The remedy, applied.
    const [, list = ""] = /SP_ALLOW_GET: "(.+)"/.exec(first?.remedy ?? "") ?? [];
    engine.fault = ({ path, response }) => !new RegExp(`^${list}$`).test(path) && refuse(response);
    expect(await ids()).toEqual([]);
    expect(engine.asked).toContain(`/containers/${id}/logs`);
  });

  it("that is Podman behind a proxy that refuses its own API", async () => {
    engine.add("api");
    await start("tcp");
    answerAsPodman(engine);
    expect(await ids()).not.toContain("request-refused");
    refuseOwnApi(engine);
    const refused = (await findings()).find(({ id }) => id === "request-refused");
    expect(refused?.what).toContain("GET /v4.0.0/libpod/containers/ID/json (403)");
    const [, list = ""] = /SP_ALLOW_GET: "(.+)"/.exec(refused?.remedy ?? "") ?? [];
    expect(engine.asked.some((path) => path.includes("/libpod/") && new RegExp(`^${list}$`).test(path))).toBe(
      true,
    );
  });

  it("behind a proxy that lets files be read", async () => {
    engine.add("api", { options: ROTATED });
    await start("tcp");
    expect(await ids()).toEqual(["proxy-too-wide"]);
  });

  it("behind a proxy that cuts quiet streams", async () => {
    engine.add("api", { options: ROTATED });
    await start("tcp");
    engine.fault = ({ path, query, response }) => {
      if (path.endsWith("/archive")) return refuse(response);
      if (path !== "/events" || query.has("until")) return false;
      response.writeHead(200);
      response.flushHeaders();
      setTimeout(() => response.destroy(), 50);
      return true;
    };
    expect(await ids()).toEqual(["streams-cut"]);
  });

  it("whose clock is another one", async () => {
    engine.add("api", { options: ROTATED });
    await start();
    engine.fault = ({ path, response }) => {
      if (path === "/version") response.setHeader("date", new Date(Date.now() + 90_000).toUTCString());
      return false;
    };
    expect(await findings()).toMatchObject([
      { id: "clock-off", what: expect.stringMatching(/(89|90|91) s behind the engine's/) },
    ]);
  });
});

describe("siblings", () => {
  it("whose lines can't be had, or may be lost: each by name, with the line that mends it", async () => {
    engine.add("mute", { driver: "syslog" });
    engine.add("leaky", { options: { ...ROTATED, mode: "non-blocking", "max-buffer-size": "4m" } });
    engine.add("endless");
    engine.add("left-out", { driver: "syslog", labels: { "log-sidecar.enable": "false" } });
    await start();
    const mute = `/containers/${Buffer.from("mute").toString("hex").padEnd(64, "0")}/logs`;
    engine.fault = ({ path, response }) => path === mute && refuse(response, 501);
    const found = await findings();
    expect(found.map(({ id, what }) => [id, what.split(":")[0]])).toEqual([
      ["driver-unreadable", "mute"],
      ["non-blocking", "leaky"],
      ["no-rotation", "endless"],
    ]);
    expect(found[2]?.remedy).toContain(
      'logging: { driver: json-file, options: { max-size: 50m, max-file: "4" } }',
    );
  });

  it("that all go by another time zone: which, and the line that takes over theirs", async () => {
    engine.add("api", { options: ROTATED, env: ["PATH=/bin", "TZ=Asia/Seoul"] });
    engine.add("odd", { options: ROTATED, env: ["TZ=CET-1CEST"] });
    engine.add("silent", { options: ROTATED });
    await start();
    const [found, ...rest] = await findings();
    expect(rest).toEqual([]);
    expect(found).toMatchObject({
      id: "time-zone",
      level: "warning",
      what: "the sidecar goes by UTC, and no container that says its time zone does: api (Asia/Seoul)",
    });
    // Where one of them does, it is nobody's mistake.
    const other = engine.add("other", { options: ROTATED, env: ["TZ=Etc/UTC"] });
    expect(await ids()).toEqual([]);
    engine.containers.delete(other.id);
    const [, name = "", value = ""] = /: (TZ): (\S+)$/.exec(found?.remedy ?? "") ?? [];
    env[name] = value;
    expect(await ids()).toEqual([]);
  });

  it("that print more in a minute than the engine keeps", async () => {
    const busy = engine.add("busy", { options: { "max-size": "1m", "max-file": "2" } });
    const ts = (agoMs: number) => `${new Date(Date.now() - agoMs).toISOString().slice(0, -1)}000000Z`;
    await start();
    // Of a minute at this rate the engine would hold ten seconds.
    engine.print(busy, ["begin\n"], 0, ts(10_000));
    engine.print(
      busy,
      Array.from({ length: 200 }, () => `${"x".repeat(9_000)}\n`),
      0,
      ts(1_000),
    );
    const [found] = await findings();
    expect(found).toMatchObject({
      id: "rotation-small",
      what: expect.stringMatching(
        /^busy: it prints 1\d\.\d MB a minute, and the engine keeps 2\.0 MB of it$/,
      ),
    });
    const [, size = ""] = /max-size: (\d+m)/.exec(found?.remedy ?? "") ?? [];
    Object.assign(busy.options, { "max-size": size, "max-file": "4" });
    expect(await ids()).toEqual([]);
  });
});

describe("the log folder", () => {
  beforeEach(async () => {
    engine.add("api", { options: ROTATED });
    await start();
  });

  it("in which something else stands in a folder's place", async () => {
    writeFileSync(join(logDir, "raw"), "");
    const isThere = {
      id: "volume-unwritable",
      level: "error",
      what: expect.stringContaining(`${logDir}/raw`),
    };
    // A start as root mends who owns what, and not this.
    expect(await findings(true)).toMatchObject([isThere]);
    rmSync(join(logDir, "raw"));
    expect(await ids()).toEqual([]);
  });

  it.skipIf(requirement("root").missing)("of another user, until its remedy was run", () => {
    chmodSync(logDir, 0o755);
    const asUser = () => {
      const { status, stdout } = spawnSync(process.execPath, [PROGRAM, "doctor", "--json"], {
        uid: 65534,
        gid: 65534,
        encoding: "utf8",
        env: { ...env, DOCKER_HOST: "unix:///nobody/answers/here.sock" },
      });
      const found = (JSON.parse(stdout) as { findings: Finding[] }).findings;
      return { status, found: found.filter(({ id }) => id !== "engine-absent") };
    };
    const { status, found } = asUser();
    expect([status, found]).toMatchObject([1, [{ id: "volume-unwritable", level: "error" }]]);
    expect(found[0]?.what).toContain(`${logDir} cannot be written by uid 65534`);
    const [, command = ""] = /^Run: sudo (chown .*)$/.exec(found[0]?.remedy ?? "") ?? [];
    expect(spawnSync("sh", ["-c", command]).status).toBe(0);
    expect(asUser().found).toEqual([]);
  });

  it("with a checkpoint of another version, or a broken one", async () => {
    const body = encodeCheckpoint({ serial: 1, at: "", segments: [], staged: [], retired: [] }, new Map());
    const path = join(logDir, ".sidecar/checkpoint.json");
    mkdirSync(join(logDir, ".sidecar"));
    writeFileSync(path, body.replace('"version":1', '"version":2'));
    expect(await findings()).toMatchObject([
      {
        id: "checkpoint-version",
        level: "error",
        what: expect.stringContaining("version 2, this program reads 1"),
      },
    ]);
    writeFileSync(path, "{");
    expect(await findings()).toMatchObject([{ id: "checkpoint-broken", level: "error" }]);
    writeFileSync(join(logDir, ".sidecar/checkpoint.former.json"), body);
    expect((await findings()).filter(({ level }) => level === "error").length).toBeLessThan(2);
    rmSync(join(logDir, ".sidecar"), { recursive: true });
    expect(await ids()).toEqual([]);
  });

  it("with as many names as there may be", async () => {
    for (const name of ["a", "b", "emptied"]) mkdirSync(join(logDir, "raw", name), { recursive: true });
    for (const name of ["a", "b"]) writeFileSync(join(logDir, "raw", name, "log_2026-01-31.jsonl"), "{}\n");
    env["SIDECAR_MAX_NAMES"] = "2";
    const [found] = await findings();
    expect(found).toMatchObject({ id: "names-used-up" });
    env["SIDECAR_MAX_NAMES"] = /SIDECAR_MAX_NAMES=(\d+)/.exec(found?.remedy ?? "")?.[1] ?? "";
    expect(await ids()).toEqual([]);
  });

  it("with files of a day that has not come", async () => {
    mkdirSync(join(logDir, "raw/web"), { recursive: true });
    writeFileSync(join(logDir, "raw/web/log_2099-01-01.jsonl"), "{}\n");
    expect(await ids()).toEqual(["dates-ahead"]);
  });

  it("on a disk that is nearly full", async () => {
    env["SIDECAR_DISK_HIGH"] = "1";
    expect(await ids()).toEqual(["disk-nearly-full"]);
  });
});

describe("the rules", () => {
  it("that would end the start, and those that are left out", async () => {
    engine.add("api", { options: ROTATED });
    await start();
    writeFileSync(join(rulesDir, "b.yaml"), "rules: 7\n");
    expect(await findings()).toMatchObject([
      { id: "rules-invalid", level: "error", what: expect.stringContaining("b.yaml:1") },
    ]);
    rmSync(join(rulesDir, "b.yaml"));
    expect(await ids()).toEqual([]);
  });
});

it("is a command: 1 with an error, 0 with a warning, and JSON for programs", async () => {
  const run = async (...args: string[]) => {
    let text = "";
    const output = { write: (part: string) => (text += part) };
    const status = await main(["doctor", ...args], {
      env,
      shippedRules: rulesDir,
      output: { out: output, err: output },
    });
    return { status, text };
  };
  env["DOCKER_HOST"] = engine.socket.text;
  const broken = await run();
  expect(broken.status).toBe(1);
  expect(broken.text).toMatch(
    /^engine +none at unix:.*\nerror {4}the Docker Engine .*\n {9}No container is collected.*\n {9}→ Start the engine.*\n1 error, 0 warnings\n$/s,
  );
  engine.add("endless");
  await engine.start();
  const { status, text } = await run("--json");
  expect([status, JSON.parse(text)]).toMatchObject([0, { ok: true, findings: [{ id: "no-rotation" }] }]);
});
