import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requirement } from "../requirements.js";
import { ComposeProject, repository } from "./compose.js";
import { connect } from "./engine.js";
import { ensureImage, NODE_IMAGE } from "./images.js";

const image = "sidecar-test/sidecar:1";
const sidecar = "docker-compose.sidecar.yml";
const hardened = "docker-compose.sidecar.hardened.yml";
const events = 40;

const needs = ["engine", "engine-socket", "docker", "compose", "busybox"] as const;
const missing = needs.some((name) => requirement(name).missing);

describe.skipIf(missing)("the image", () => {
  const docker = connect();
  const socket = process.env["DOCKER_HOST"]?.replace("unix://", "") ?? "/var/run/docker.sock";
  const env = {
    SIDECAR_IMAGE: image,
    // Any port that is free.
    SIDECAR_PORT: "",
    DOCKER_SOCKET: socket,
    DEMO_NODE_IMAGE: NODE_IMAGE,
    DEMO_PYTHON_IMAGE: NODE_IMAGE,
    DEMO_PYTHON_COMMAND: "node /demo/legacy-worker.mjs",
    DEMO_COUNT: String(events),
    DEMO_EVERY_MS: "10",
    SOCKET_PROXY: join(repository, "test/engine"),
  };

  beforeAll(async () => {
    await ensureImage(docker, NODE_IMAGE);
    await buildImage();
  }, 240_000);
  afterAll(async () => {
    const built = await docker.listImages({ filters: { reference: [image] } });
    for (const { Id } of built) await docker.getImage(Id).remove({ force: true });
  });

  it("is small, carries the label that keeps it from following itself, and nothing that only building needs", async () => {
    const [built, base] = await Promise.all(
      [image, NODE_IMAGE].map((name) => docker.getImage(name).inspect()),
    );
    expect(built?.Config.Labels).toMatchObject({ "log-sidecar.self": "true" });
    expect((built?.Size ?? 0) - (base?.Size ?? 0)).toBeLessThan(5e6);
    const files = await run(docker, "cd /app && ls . dist && find / -name .npmrc -not -path '/proc/*'");
    expect(files).toContain("licenses.txt");
    expect(files).not.toMatch(/node_modules|typescript|vitest|\.npmrc|^src$/m);
  });

  describe("beside the demo apps, on a host that was told nothing", () => {
    let project: ComposeProject;
    let logs = "";
    beforeAll(async () => {
      project = new ComposeProject(docker, [sidecar], env);
      logs = join(project.folder, "logs");
      mkdirSync(join(project.folder, "rules"));
      writeFileSync(join(project.folder, "rules/00-own.yaml"), ownRules);
      await project.run("up", "-d");
    });
    afterAll(() => project.down());

    it("collects what they print into files of its own user", async () => {
      await expect.poll(() => landed(logs), { timeout: 30_000 }).toMatchObject(expectedCounts);
      for (const file of filesBelow(logs)) expect([file, statSync(file).uid]).toEqual([file, 10001]);
    });

    it("stores no secret that they print, and counts them", async () => {
      expect(readAll(logs)).toContain('"token":"[redacted]"');
      expect(readAll(logs)).not.toContain("demo-not-a-secret");
      // The status is written every two seconds.
      const counted = async () => {
        const stats = await project.exec("log-sidecar", ["log-sidecar", "stats", "--json"]);
        return JSON.parse(stats.output).counters.secrets_redacted_total?.name;
      };
      await expect.poll(counted, { timeout: 10_000 }).toBeGreaterThan(0);
    });

    it("adds one's own rules to those of the image", () => {
      expect(readAll(join(logs, "tagged/7d")).match(/"rule":"own-rule[",]/g)?.length).toBeGreaterThan(0);
    });

    it("has given up root, and its file system can't be written", async () => {
      const status = await project.exec("log-sidecar", ["cat", "/proc/1/status"]);
      expect(status.output).toMatch(/^Uid:\s+10001\s+10001\s+10001\s+10001\s*$/m);
      expect(status.output).toMatch(/^CapEff:\s+0+\s*$/m);
      expect(status.output).toMatch(/^NoNewPrivs:\s+1\s*$/m);
      const write = await project.exec("log-sidecar", ["touch", "/app/dist/main.js"]);
      expect(write.output).toContain("Read-only file system");
    });

    it("is healthy, and its command answers inside the container", async () => {
      const health = ["/bin/sh", "/app/dist/healthcheck.sh"];
      await expect
        .poll(() => project.exec("log-sidecar", health), { timeout: 20_000 })
        .toMatchObject({ status: 0 });
      const stats = await project.exec("log-sidecar", ["log-sidecar", "stats", "--json"]);
      expect(stats).toMatchObject({ status: 0 });
      expect(JSON.parse(stats.output)).toBeTypeOf("object");
      const doctor = await project.exec("log-sidecar", ["log-sidecar", "doctor", "--json"]);
      const { ok, facts, findings } = JSON.parse(doctor.output);
      expect([ok, facts.containers]).toEqual([true, expect.stringContaining(`project ${project.name}`)]);
      expect(findings.filter(({ level }: { level: string }) => level === "error")).toEqual([]);
    });

    it("tells figures at the port of this machine, and commits for nobody but who is in the container", async () => {
      const { NetworkSettings } = await (await project.container("log-sidecar")).inspect();
      const [published] = NetworkSettings.Ports["9600/tcp"] ?? [];
      expect(published?.HostIp).toBe("127.0.0.1");
      const at = (path: string, init?: RequestInit) =>
        fetch(`http://127.0.0.1:${published?.HostPort}${path}`, init);
      await expect.poll(async () => (await at("/readyz")).status, { timeout: 20_000 }).toBe(200);
      expect(await (await at("/metrics")).text()).toMatch(
        /^log_sidecar_lines_read_total\{service="[^"]+",stream="stdout"\} \d+$/m,
      );
      const refused = await at("/api/flush", { method: "POST" });
      expect([refused.status, await refused.json()]).toMatchObject([403, { code: "HTTP_FORBIDDEN" }]);
      const flush = await project.exec("log-sidecar", ["log-sidecar", "flush"]);
      expect(flush).toMatchObject({ status: 0, output: expect.stringContaining("committed: ") });
    });

    it("stops within its time, and starts again on the same folder without writing a line twice", async () => {
      const container = await project.container("log-sidecar");
      const before = landed(logs);
      await container.stop();
      expect((await container.inspect()).State.ExitCode).toBe(0);
      await container.start();
      const health = ["/bin/sh", "/app/dist/healthcheck.sh"];
      await expect
        .poll(() => project.exec("log-sidecar", health), { timeout: 20_000 })
        .toMatchObject({ status: 0 });
      expect(landed(logs)).toEqual(before);
    });
  });

  describe("hardened, with a proxy that refuses all but GET", () => {
    let project: ComposeProject;
    let logs = "";
    beforeAll(async () => {
      project = new ComposeProject(docker, [sidecar, hardened, "test/engine/socket-proxy.yml"], env);
      logs = join(project.folder, "logs");
      mkdirSync(logs);
      await promisify(execFile)("chown", ["10001:10001", logs]);
      await project.run("up", "-d");
    });
    afterAll(() => project.down());

    it("collects the same without socket, root and capabilities", async () => {
      await expect.poll(() => landed(logs), { timeout: 30_000 }).toMatchObject(expectedCounts);
      const { HostConfig, Config } = await (await project.container("log-sidecar")).inspect();
      expect(HostConfig.Binds?.join(" ")).not.toContain(`${socket}:`);
      expect(Config.User).toBe("10001:10001");
      const status = await project.exec("log-sidecar", ["cat", "/proc/1/status"]);
      expect(status.output).toMatch(/^Cap(Eff):\s+0+\s*$/m);
      expect(status.output).toMatch(/^CapPrm:\s+0+\s*$/m);
    });

    it("asks the engine for nothing else", async () => {
      const proxy = await project.container("log-sidecar-engine");
      const log = await proxy.logs({ stdout: true });
      expect(log.toString()).not.toContain("refused");
    });

    it("can't read any container's files, with or without the API's version in front", async () => {
      const { id } = await project.container("log-sidecar-engine");
      const script = `(async () => {
        const answers = [];
        for (const path of ["/containers/ID/archive?path=/etc/passwd", "/containers/ID/json/../archive", "/containers/ID%2Farchive", "/images/json"])
          for (const version of ["", "/v1.41"])
            answers.push((await fetch("http://log-sidecar-engine:2375" + version + path.replace("ID", "${id}"))).status);
        answers.push((await fetch("http://log-sidecar-engine:2375/v1.41/containers/${id}/json")).status);
        console.log(answers.join(" "));
      })()`;
      const { output } = await project.exec("log-sidecar", ["node", "-e", script]);
      expect(output.trim()).toBe("403 403 403 403 403 403 403 403 200");
    });
  });
});

/** One of one's own; its file's name puts it before those of the image. */
const ownRules = `
rules:
  - id: own-rule
    match: { component: batch_processor, batch_size: 256 }
    to:
      tagged: { tags: [large], severity: low, retention: 7d }
    continue: true
`;

/** What the demo apps' ${events} events each make, by the rules that come with the image: lines of raw files, rows of tables. */
const expectedCounts = {
  "raw/batch_processor": events,
  "raw/legacy-worker": events,
  "raw/onnx_sentiment": events * 0.75,
  "summary/batch_processing": events,
  "summary/onnx_inference": events * 0.75,
};

/** Entries of the files in each folder of raw, summary and tagged. */
function landed(logs: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const file of filesBelow(logs)) {
    const [, folder = ""] = /((?:raw|summary|tagged)\/[^/]+)\/[^/]+$/.exec(file) ?? [];
    const lines = readFileSync(file, "utf8").split("\n").length - 1;
    if (folder !== "") counts[folder] = (counts[folder] ?? 0) + lines - (file.endsWith(".csv") ? 1 : 0);
  }
  return counts;
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function readAll(folder: string): string {
  return filesBelow(folder)
    .map((file) => readFileSync(file, "latin1"))
    .join("");
}

async function buildImage(): Promise<void> {
  const options = ["--force-rm", "--network", "host", "--build-arg", `NODE_IMAGE=${NODE_IMAGE}`, "-t", image];
  try {
    await promisify(execFile)("docker", ["build", ...options, "."], { cwd: repository, maxBuffer: 64e6 });
  } catch (error) {
    // What went wrong is in the output of the step that failed.
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`docker build failed:\n${stdout.slice(-2_000)}\n${stderr.slice(-1_000)}`, {
      cause: error,
    });
  }
}

/** Runs a shell command in the image, in place of the sidecar; resolves to what it printed. */
async function run(docker: Docker, command: string): Promise<string> {
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: ["/bin/sh", "-c", command],
    Cmd: [],
    Tty: true,
    HostConfig: { NetworkMode: "none" },
  });
  try {
    await container.start();
    await container.wait();
    return (await container.logs({ stdout: true })).toString();
  } finally {
    await container.remove({ force: true });
  }
}
