/** The last words of containers that hang: how long after the sidecar's start each is stored. */
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { newLines } from "./backlog.mjs";
import { IMAGE, openEngine } from "./engine.mjs";
import { median, table } from "./pairs.mjs";
import { startSidecar } from "./programs.mjs";

export const title = "last: from the sidecar's start until the last words of containers that hang are stored";

const TRACE = String.raw`printf 'Traceback (most recent call last):\n  File "app.py", line 1, in <module>\nValueError: no price\n' >&2`;
/** What an app prints before it hangs, and how many records that is. */
const SCRIPTS = [
  { what: "two streams", script: "echo out; echo err >&2; echo out; echo err >&2", records: 4 },
  { what: "a trace behind a line", script: `echo '{"n":0}'; ${TRACE}`, records: 2 },
  { what: "three lines", script: "for n in 1 2 3; do echo line $n; done", records: 3 },
];
const LOGS = [
  { log: "json-file 10m", driver: "json-file", options: { "max-size": "10m" } },
  { log: "local", driver: "local", options: {} },
  { log: "json-file 10m, TTY", driver: "json-file", options: { "max-size": "10m" }, tty: true },
];
/** Older than this, a message that waits says nothing of the stream that brings it. */
const OLD_MS = 1_500;
const LIMIT_MS = 30_000;
const CONNECTED = "connected to the Docker Engine";

/** `ROUNDS=20 npm run bench -- last` starts a sidecar so many times, each with an empty folder. */
export async function measure({ quick, scratch, say, findProgram }) {
  const engine = await openEngine({ scratch, say, findProgram });
  if (engine === undefined) return;
  const rounds = Number(process.env.ROUNDS ?? (quick ? 3 : 20));
  const made = [];
  try {
    const { Version: version } = await engine.docker.version();
    const cases = LOGS.flatMap((log) => SCRIPTS.map((script) => ({ ...log, ...script })));
    for (const one of cases) made.push(await hanging(engine.docker, one));
    await sleep(OLD_MS);
    const names = made.map(({ name }) => name);
    const runs = [];
    for (let round = 0; round < rounds; round += 1)
      runs.push(await started(engine.host, join(scratch, `last-${round}`), { names, cases }));
    say(`Docker Engine ${version}, ${rounds} starts`);
    say(
      table(
        ["", "median s", "longest s"],
        [...cases.entries()].map((one) => row(one, runs)),
      ),
    );
    say(
      table(
        ["of that", "median s", "longest s"],
        [
          spread(
            "until it asks the engine",
            runs.map((run) => run.connectedS),
          ),
        ],
      ),
    );
  } finally {
    for (const { container } of made) await container.remove({ force: true });
    await engine.close();
  }
}

function row([index, { log, what }], runs) {
  return spread(
    `${what}, ${log}`,
    runs.map(({ storedS }) => storedS[index]),
  );
}

function spread(what, seconds) {
  return [what, median(seconds).toFixed(2), Math.max(...seconds).toFixed(2)];
}

async function hanging(docker, { driver, options, tty = false, script }) {
  const container = await docker.createContainer({
    Image: IMAGE,
    Cmd: ["/bin/busybox", "sh", "-c", `${script}; /bin/busybox sleep 100000`],
    Labels: { "log-sidecar.enable": "true", "log-sidecar.bench": "1" },
    Tty: tty,
    HostConfig: { NetworkMode: "none", LogConfig: { Type: driver, Config: options } },
  });
  await container.start();
  const { Name: name } = await container.inspect();
  return { container, name: name.slice(1) };
}

/** One sidecar; of each case the seconds until all its records can be read in its file, and until it had found the engine. */
async function started(host, logDir, { names, cases }) {
  const startMs = performance.now();
  const passedS = () => (performance.now() - startMs) / 1000;
  const child = startSidecar(host, logDir, {
    env: { SIDECAR_LOG_LEVEL: "info", SIDECAR_HTTP: "off" },
    stderr: "pipe",
  });
  const exited = once(child, "exit");
  let connectedS;
  child.stderr.on("data", (text) => {
    if (connectedS === undefined && String(text).includes(CONNECTED)) connectedS = passedS();
  });
  const counts = new Map(names.map((name) => [name, 0]));
  const storedS = [];
  try {
    const news = newLines(join(logDir, "raw"));
    while (storedS.filter(Boolean).length < cases.length) {
      for (const line of news()) {
        const { container } = JSON.parse(line);
        counts.set(container, (counts.get(container) ?? 0) + 1);
      }
      for (const [index, { records }] of cases.entries())
        if (counts.get(names[index]) === records) storedS[index] ??= passedS();
      if (child.exitCode !== null) throw new Error(`the sidecar ended with ${child.exitCode}`);
      if (passedS() * 1000 > LIMIT_MS) throw new Error(`not all was stored: ${[...counts].join("; ")}`);
      await sleep(10);
    }
    // What came twice would come now.
    for (const _ of news()) throw new Error("more was stored than was printed");
    return { storedS, connectedS };
  } finally {
    child.kill("SIGTERM");
    await exited;
  }
}
