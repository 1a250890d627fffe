/** Rotating logs: which lines the sidecar stores, beside a plain follower and what the engine still holds at the end. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  createReadStream,
  existsSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { IMAGE, openEngine } from "./engine.mjs";
import { table } from "./pairs.mjs";
import { run, SIDECAR, usageOf } from "./programs.mjs";

export const title = "rotation: lines stored, against a plain follower and the log as it is at the end";

/** `perSecond` 0: all at once; else a second's lines are printed in so many `parts`. */
const ROWS = [
  { driver: "json-file", size: "100k", files: 3, perSecond: 2_000, parts: 200, count: 20_000 },
  { driver: "json-file", size: "100k", files: 3, perSecond: 2_000, parts: 20, count: 20_000 },
  { driver: "json-file", size: "1m", files: 3, perSecond: 10_000, parts: 200, count: 100_000 },
  { driver: "json-file", size: "1m", files: 3, perSecond: 10_000, parts: 20, count: 100_000 },
  { driver: "json-file", size: "1m", files: 5, perSecond: 20_000, parts: 200, count: 200_000 },
  { driver: "json-file", size: "1m", files: 5, perSecond: 20_000, parts: 20, count: 200_000 },
  { driver: "json-file", size: "10m", files: 3, perSecond: 30_000, parts: 20, count: 300_000 },
  { driver: "local", size: "1m", files: 3, perSecond: 10_000, parts: 20, count: 100_000 },
  { driver: "json-file", size: "100k", files: 3, perSecond: 0, count: 100_000 },
  { driver: "json-file", size: "10m", files: 3, perSecond: 0, count: 1_000_000 },
  { driver: "json-file", size: "50m", files: 4, perSecond: 0, count: 1_000_000 },
  { driver: "local", size: "20m", files: 5, perSecond: 0, count: 1_000_000 },
];

const LINE_BYTES = 210;
const LIMIT_MS = 180_000;
const END = "that was all";

/**
 * `ROWS=0,2 ROUNDS=5 npm run bench -- rotation` measures these rows alone, so many times; DOCKER_HOST another engine.
 */
export async function measure({ quick, scratch, say, findProgram }) {
  const engine = await openEngine({ scratch, say, findProgram });
  if (engine === undefined) return;
  const chosen = process.env.ROWS?.split(",").map(Number) ?? ROWS.map((_, index) => index);
  const rounds = Number(process.env.ROUNDS ?? (quick ? 1 : 3));
  try {
    const { Version: version } = await engine.docker.version();
    const rows = [];
    for (const index of chosen)
      for (let round = 0; round < rounds; round += 1) rows.push(await tried(engine, scratch, ROWS[index]));
    const head = ["log", "printed", "follower lacks", "end lacks", "sidecar lacks", "of the end", "twice"];
    say(`Docker Engine ${version}`);
    say(table([...head, "gaps", "late s", "CPU s"], rows));
  } finally {
    await engine.close();
  }
}

/** One container, one plain follower and one sidecar, from the first line to the last. */
async function tried({ docker, host, socketPath }, scratch, row) {
  const folder = mkdtempSync(join(scratch, "rotation-"));
  const container = await docker.createContainer({
    Image: IMAGE,
    Cmd: ["/bin/busybox", "sh", "-c", script(row)],
    Labels: { "log-sidecar.enable": "true", "log-sidecar.bench": "1" },
    HostConfig: {
      NetworkMode: "none",
      LogConfig: {
        Type: row.driver,
        Config: {
          "max-size": row.size,
          "max-file": String(row.files),
          ...(row.driver === "local" && { compress: "false" }),
        },
      },
    },
  });
  const logDir = join(folder, "logs");
  const sidecar = startSidecar(host, logDir);
  let follower;
  try {
    await sidecar.says("connected to the Docker Engine");
    await container.start();
    const url = `http://docker/containers/${container.id}/logs?stdout=1&timestamps=1&follow=`;
    follower = curl(socketPath, `${url}1`, join(folder, "follower"));
    await container.wait();
    const endedMs = Date.now();
    await run("curl", ["-sS", "--fail", "-o", join(folder, "end"), "--unix-socket", socketPath, `${url}0`]);
    while (!sidecar.ended() && Date.now() - endedMs < LIMIT_MS) await sleep(20);
    const lateS = (Date.now() - endedMs) / 1000;
    await Promise.race([once(follower, "exit"), sleep(10_000)]);
    const { cpuS } = usageOf(sidecar.pid);
    await sidecar.stop();
    const end = await numbersIn(join(folder, "end"));
    const followed = await numbersIn(join(folder, "follower"));
    const stored = await storedIn(logDir);
    const missing = (from, of) => [...of].filter((n) => !from.has(n)).length;
    const rate = row.perSecond === 0 ? "at once" : `${row.perSecond}/s in ${row.parts}`;
    return [
      `${row.driver} ${row.size} x ${row.files}, ${rate}`,
      row.count,
      row.count - followed.size,
      row.count - end.size,
      row.count - stored.numbers.size,
      missing(stored.numbers, end),
      stored.doubled + stored.disordered,
      stored.gaps,
      lateS.toFixed(1),
      cpuS.toFixed(1),
    ].map(String);
  } finally {
    follower?.kill();
    await sidecar.stop();
    await container.remove({ force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Prints numbered lines, those of a second in twenty parts; the last one says so. */
function script({ perSecond, parts, count }) {
  const padding = `p=sprintf("%${LINE_BYTES}s","");gsub(/ /,"x",p)`;
  const line = `s="{\\"n\\":" i ",\\"p\\":\\"";printf "%s%s\\"}\\n",s,substr(p,1,${LINE_BYTES - 3}-length(s))`;
  const burst = Math.max(1, Math.round(perSecond / parts));
  const pause =
    perSecond === 0 ? "" : `;if(i%${burst}==0){fflush();system("/bin/busybox usleep ${1_000_000 / parts}")}`;
  const awk = `/bin/busybox awk 'BEGIN{${padding};for(i=1;i<=${count};i++){${line}${pause}}}'`;
  // awk calls a shell for what it is to wait with.
  const shell = "/bin/busybox ln -s /bin/busybox /bin/sh";
  return `${shell}; ${perSecond === 0 ? `${awk} > /lines; /bin/busybox cat /lines` : awk}; echo '${END}'`;
}

function curl(socketPath, url, file) {
  const output = openSync(file, "w");
  const child = spawn("curl", ["-sSN", "--fail", "--unix-socket", socketPath, url], {
    stdio: ["ignore", output, "inherit"],
  });
  closeSync(output);
  return child;
}

function startSidecar(host, logDir) {
  const [program, ...args] = SIDECAR;
  const child = spawn(program, [...args, "run"], {
    env: {
      ...process.env,
      DOCKER_HOST: host,
      SIDECAR_SCOPE: "labelled",
      SIDECAR_LOG_DIR: logDir,
      SIDECAR_LOG_LEVEL: process.env.SIDECAR_LOG_LEVEL ?? "info",
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
    if (process.env.SHOW) process.stderr.write(text);
  });
  const exited = once(child, "exit");
  return {
    pid: child.pid,
    async says(words) {
      while (!said.includes(words)) {
        if (child.exitCode !== null) throw new Error(`the sidecar ended: ${said}`);
        await sleep(20);
      }
    },
    /** The last line can be seen; it stands at the end of the newest file. */
    ended: () => rawFiles(logDir).some((path) => tailOf(path).includes(END)),
    async stop() {
      if (child.exitCode === null) child.kill("SIGTERM");
      await exited;
    },
  };
}

async function numbersIn(path) {
  const numbers = new Set();
  let rest = "";
  for await (const chunk of createReadStream(path, "latin1")) {
    const text = rest + chunk;
    for (const [, n] of text.matchAll(/\{"n":(\d+),/g)) numbers.add(Number(n));
    rest = text.slice(-20);
  }
  return numbers;
}

/** What the sidecar made of the container: its numbers, how many came twice or behind a later one, and the gaps it told. */
async function storedIn(logDir) {
  const stored = { numbers: new Set(), doubled: 0, disordered: 0, gaps: 0 };
  let highest = 0;
  for (const path of rawFiles(logDir)) {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      if (line.includes("log_sidecar.gap")) stored.gaps += 1;
      const n = Number(/"n":(\d+)/.exec(line)?.[1] ?? 0);
      if (n === 0) continue;
      if (stored.numbers.has(n)) stored.doubled += 1;
      else if (n < highest) stored.disordered += 1;
      stored.numbers.add(n);
      highest = Math.max(highest, n);
    }
  }
  return stored;
}

/** In the order in which they were begun. */
function rawFiles(logDir) {
  const folder = join(logDir, "raw");
  if (!existsSync(folder)) return [];
  const turn = (path) => Number(/\.(\d+)\.jsonl$/.exec(path)?.[1] ?? 0);
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".jsonl"))
    .sort((a, b) => turn(a) - turn(b))
    .map((name) => join(folder, name));
}

function tailOf(path) {
  const file = openSync(path, "r");
  const buffer = Buffer.alloc(1000);
  const { size } = fstatSync(file);
  const read = readSync(file, buffer, 0, buffer.length, Math.max(0, size - buffer.length));
  closeSync(file);
  return buffer.toString("latin1", 0, read);
}
