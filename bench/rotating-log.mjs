/** A rotating log, a plain follower of it and the sidecar beside each other. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { IMAGE } from "./engine.mjs";
import { endsWith, numbersIn, storedIn } from "./numbered-lines.mjs";
import { run, startSidecar, usageOf } from "./programs.mjs";

const LINE_BYTES = 210;
const LIMIT_MS = 180_000;
const END = "that was all";

/**
 * One container, one plain follower and one sidecar, from the first line to the last. `way`: `api` or `files`, from where the sidecar reads.
 * @returns lines that each lacks, those that the end has and the sidecar lacks, what came twice or out of order, gaps told, lines missing without one
 */
export async function tried({ docker, host, socketPath, containersFolder }, scratch, { row, way }) {
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
  const env = way === "files" ? { SIDECAR_ENGINE_FILES: containersFolder } : {};
  const sidecar = watchedSidecar(host, logDir, env);
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
    const { cpuS, peakMb } = usageOf(sidecar.pid);
    await sidecar.stop();
    const end = await numbersIn(join(folder, "end"));
    const followed = await numbersIn(join(folder, "follower"));
    const stored = await storedIn(logDir, row.count);
    const missing = (from, of) => [...of].filter((n) => !from.has(n)).length;
    if (stored.numbers.size < followed.size) keep(`${container.id.slice(0, 12)}-${way}`, sidecar.said());
    return {
      follower: row.count - followed.size,
      end: row.count - end.size,
      sidecar: row.count - stored.numbers.size,
      ofTheEnd: missing(stored.numbers, end),
      twice: stored.doubled + stored.disordered,
      gaps: stored.gaps,
      untold: stored.untold,
      lateS,
      cpuS,
      peakMb,
    };
  } finally {
    follower?.kill();
    await sidecar.stop();
    await container.remove({ force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** For a look at why, where KEEP names a folder. */
function keep(name, said) {
  if (!process.env.KEEP) return;
  mkdirSync(process.env.KEEP, { recursive: true });
  writeFileSync(join(process.env.KEEP, `${name}.log`), said);
}

/** Prints numbered lines, those of a second in some parts; the last one says so. */
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

function watchedSidecar(host, logDir, env) {
  const level = { SIDECAR_LOG_LEVEL: process.env.SIDECAR_LOG_LEVEL ?? "info" };
  const child = startSidecar(host, logDir, { env: { ...level, ...env }, stderr: "pipe" });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
    if (process.env.SHOW) process.stderr.write(text);
  });
  const exited = once(child, "exit");
  return {
    pid: child.pid,
    said: () => said,
    async says(words) {
      while (!said.includes(words)) {
        if (child.exitCode !== null) throw new Error(`the sidecar ended: ${said}`);
        await sleep(20);
      }
    },
    /** The last line can be seen; it stands at the end of the newest file. */
    ended: () => endsWith(logDir, END),
    async stop() {
      if (child.exitCode === null) child.kill("SIGTERM");
      await exited;
    },
  };
}
