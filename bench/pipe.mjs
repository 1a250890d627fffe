/** The same lines from a pipe into four kinds of files: the sidecar with its shipped rules, and syslog-ng with templates that write nearly the same. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { linesFile } from "./lines.mjs";
import { compare, inTurns, median, table } from "./pairs.mjs";
import { measurePipe } from "./programs.mjs";
import { measureSidecar } from "./sidecar-pipe.mjs";

export const title =
  "pipe: the sidecar against syslog-ng, the same lines from a pipe to raw, summary, training and tagged";

export async function measure({ quick, scratch, say, findProgram }) {
  const count = quick ? 200_000 : 1_000_000;
  const file = await linesFile(scratch, count);
  const started = await measureSidecar("/dev/null", 0, scratch);
  const syslogNg = findProgram("syslog-ng");
  const measureOurs = () => measureSidecar(file, count, scratch);
  if (syslogNg === undefined) {
    say("syslog-ng is not installed: the sidecar alone");
    const { cpuS, wallS, peakMb } = await measureOurs();
    say(`${cpuS.toFixed(2)} s CPU, ${wallS.toFixed(1)} s, ${peakMb.toFixed(0)} MB`);
    return;
  }
  const pairs = await inTurns(quick ? 3 : 5, measureOurs, () =>
    measurePipe(file, ...peer(syslogNg, scratch)),
  );
  const rows = [
    ["CPU s", "cpuS", 2],
    ["wall s", "wallS", 2],
    ["peak MB", "peakMb", 0],
  ].map(([name, figure, digits]) => {
    const { a, b, ratio } = compare(pairs, figure);
    return [name, a.toFixed(digits), b.toFixed(digits), ratio.toFixed(2)];
  });
  say(table([`${count} lines`, "sidecar", "syslog-ng", "ratio"], rows));
  const bare = median(pairs.map(({ a, b }) => (a.cpuS - started.cpuS) / b.cpuS));
  say(
    `${started.cpuS.toFixed(2)} s CPU of the sidecar's are its start; CPU ratio without it ${bare.toFixed(2)}`,
  );
}

/** The cheapest of some configurations that do this work: filters by `match`, no threads of its own (with them it took a third more CPU). */
function peer(program, scratch) {
  const folder = join(scratch, "syslog-ng");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const config = join(scratch, "syslog-ng.conf");
  writeFileSync(
    config,
    readFileSync(new URL("syslog-ng.conf", import.meta.url), "utf8").replaceAll("@FOLDER@", folder),
  );
  const own = ["-R", "-c", "--pidfile"].map((flag, at) => [flag, join(scratch, `syslog-ng.${at}`)]);
  for (const [, path] of own) if (existsSync(path)) rmSync(path);
  const flags = ["-F", "--no-caps", "-f", config, ...own.slice(0, 2).flat(), `--pidfile=${own[2][1]}`];
  return [[program, ...flags], { scratch }];
}
