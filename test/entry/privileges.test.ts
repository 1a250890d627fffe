import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findProgram } from "../../scripts/programs.mjs";
import { dropRequest } from "../../src/entry/privileges.js";
import { requirement } from "../requirements.js";

const program = fileURLToPath(new URL("drop.mjs", import.meta.url));
const builtModule = fileURLToPath(new URL("../../dist/entry/privileges.js", import.meta.url));

interface Outcome {
  readonly refused?: string;
  readonly result?: {
    readonly groups: readonly number[];
    readonly claim: { readonly failed: readonly unknown[] };
  };
  readonly root?: readonly string[];
  readonly written?: string;
  readonly now?: { readonly uid: number; readonly gid: number; readonly groups: readonly number[] };
}

describe.skipIf(requirement("root").missing)("dropPrivileges", () => {
  let folder = "";
  let server: Server | undefined;
  beforeEach(() => {
    // Not os.tmpdir(): the new user must be able to reach it whatever TMPDIR is.
    folder = mkdtempSync("/tmp/drop-");
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, "logs"));
  });
  afterEach(() => {
    server?.close();
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  async function socket(gid: number, mode: number): Promise<string> {
    const path = join(folder, "docker.sock");
    server = createServer().listen(path);
    await once(server, "listening");
    chownSync(path, 0, gid);
    chmodSync(path, mode);
    return path;
  }

  /** Runs the program as root with no capability but `capabilities`, as Docker would start it. */
  function drop(socketPath: string, capabilities = "+chown,+setgid,+setuid", before = "true"): Outcome {
    const request = { uid: 10001, gid: 10001, logDir: join(folder, "logs"), socketPath };
    const args = [builtModule, JSON.stringify(request), join(folder, "logs/file")];
    const limit = [
      "setpriv",
      `--bounding-set=-all,${capabilities}`,
      "--clear-groups",
      process.execPath,
      program,
    ];
    const command = [
      findProgram("unshare") ?? "unshare",
      "--mount",
      "sh",
      "-c",
      `${before} && exec "$@"`,
      "sh",
    ];
    const [first = "", ...rest] = [...command, ...limit, ...args];
    const child = spawnSync(first, rest, { encoding: "utf8" });
    expect(child.stderr).toBe("");
    return JSON.parse(child.stdout) as Outcome;
  }

  it("becomes the user with the socket's group, for good, and can write the folder Docker made as root", async () => {
    const outcome = drop(await socket(987, 0o660));
    expect(outcome.now).toEqual({ uid: 10001, gid: 10001, groups: [987, 10001] });
    expect(outcome.root).toEqual(["EPERM", "EPERM"]);
    expect(outcome.written).toBe("done");
    expect(statSync(join(folder, "logs/file")).uid).toBe(10001);
  });

  it("takes group 0 along where the socket belongs to it", async () => {
    const outcome = drop(await socket(0, 0o660));
    expect(outcome.result?.groups).toEqual([0]);
    expect(outcome.root?.[0]).toBe("EPERM");
  });

  it("takes no group along where anybody, or only root, may use the socket", async () => {
    expect(drop(await socket(987, 0o666)).result?.groups).toEqual([]);
    chmodSync(join(folder, "docker.sock"), 0o600);
    expect(drop(join(folder, "docker.sock")).result?.groups).toEqual([]);
  });

  it("goes on where no engine listens yet", () => {
    const outcome = drop(join(folder, "absent.sock"));
    expect(outcome.result?.groups).toEqual([]);
    expect(outcome.now?.uid).toBe(10001);
  });

  it("goes on where the log folder is on a read-only file system, and says so", () => {
    const logs = join(folder, "logs");
    const outcome = drop("", undefined, `mount -t tmpfs -o ro none ${logs}`);
    expect(outcome.result?.claim.failed).toEqual([{ path: logs, code: "EROFS" }]);
    expect(outcome.now?.uid).toBe(10001);
    expect(outcome.written).not.toBe("done");
  });

  it("refuses to go on as root where it may not change user", () => {
    expect(drop("", "+chown,+setgid").refused).toBe("PRIVILEGES_KEPT");
    expect(drop("", "+chown,+setuid").refused).toBe("PRIVILEGES_KEPT");
  });
});

describe("dropRequest", () => {
  it("asks for nothing when the image doesn't, or when the process isn't root", () => {
    expect(dropRequest({}, 0)).toBeUndefined();
    expect(dropRequest({ SIDECAR_DROP_TO: "10001:10001" }, 10001)).toBeUndefined();
  });

  it("knows the log folder by both names and the socket by DOCKER_HOST", () => {
    const asked = { SIDECAR_DROP_TO: "10001:10002" };
    expect(dropRequest(asked, 0)).toEqual({
      uid: 10001,
      gid: 10002,
      logDir: "/app/logs",
      socketPath: "/var/run/docker.sock",
    });
    const other = { ...asked, ONNX_UNIFIED_LOG_DIR: "/logs", DOCKER_HOST: "tcp://proxy:2375" };
    expect(dropRequest(other, 0)).toMatchObject({ logDir: "/logs", socketPath: undefined });
    const unix = { ...asked, SIDECAR_LOG_DIR: "/mine", DOCKER_HOST: "unix:///run/user/1000/docker.sock" };
    expect(dropRequest(unix, 0)).toMatchObject({
      logDir: "/mine",
      socketPath: "/run/user/1000/docker.sock",
    });
  });

  it.each<[string[], string]>([
    [["run", "--log-dir", "/flag"], "/flag"],
    [["run", "--log-dir=/a", "--log-dir=/flag", "--", "app", "--log-dir", "/theirs"], "/flag"],
    [["run", "--", "app", "--log-dir", "/theirs"], "/env"],
    [["run", "--log-dir"], "/env"],
  ])("hands over what %j names", (args, logDir) => {
    const env = { SIDECAR_DROP_TO: "10001:10001", SIDECAR_LOG_DIR: "/env" };
    expect(dropRequest(env, 0, args)?.logDir).toBe(logDir);
  });

  it.each(["root", "0:0", "10001", "10001:", "1:2:3", "-1:5"])("refuses %j", (value) => {
    expect(() => dropRequest({ SIDECAR_DROP_TO: value }, 0)).toThrow("SETTINGS_INVALID");
  });
});
