/** The same lines from a pipe: into four kinds of files by the shipped rules, and each into one, beside syslog-ng with templates that write nearly the same. */
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
  say(`${started.cpuS.toFixed(2)} s CPU of the sidecar's are its start`);
  const rulesDir = join(scratch, "one-file");
  mkdirSync(rulesDir, { recursive: true });
  writeFileSync(
    join(rulesDir, "all.yaml"),
    "rules: [{ id: all, match: { level|exists: true }, to: { raw: {} } }]\n",
  );
  const ways = [
    ["shipped rules", () => measureSidecar(file, count, scratch), (text) => text],
    [
      "one file a line",
      () => measureSidecar(file, count, scratch, { SIDECAR_RULES_DIR: rulesDir }, { raw: count }),
      (text) => text.slice(0, text.indexOf("\nlog {")) + ONE_FILE,
    ],
  ];
  const syslogNg = findProgram("syslog-ng");
  for (const [name, measureOurs, confOf] of ways) {
    if (syslogNg === undefined) {
      const { cpuS, wallS, peakMb } = await measureOurs();
      say(
        `${name}: ${cpuS.toFixed(2)} s CPU, ${wallS.toFixed(1)} s, ${peakMb.toFixed(0)} MB (syslog-ng is not installed)`,
      );
      continue;
    }
    const pairs = await inTurns(quick ? 3 : 5, measureOurs, () =>
      measurePipe(file, ...peer(syslogNg, scratch, confOf)),
    );
    say(table([`${name}, ${count} lines`, "sidecar", "syslog-ng", "ratio"], rowsOf(pairs)));
    const bare = median(pairs.map(({ a, b }) => (a.cpuS - started.cpuS) / b.cpuS));
    say(`CPU ratio without the sidecar's start ${bare.toFixed(2)}`);
  }
}

function rowsOf(pairs) {
  return [
    ["CPU s", "cpuS", 2],
    ["wall s", "wallS", 2],
    ["peak MB", "peakMb", 0],
  ].map(([name, figure, digits]) => {
    const { a, b, ratio } = compare(pairs, figure);
    return [name, a.toFixed(digits), b.toFixed(digits), ratio.toFixed(2)];
  });
}

/** All lines go to one file. */
const ONE_FILE = "\nlog { source(s_in); parser(p_json); destination(d_raw); flags(flow-control); };\n";

/** The cheapest of some configurations that do this work: filters by `match`, no threads of its own (with them it took a third more CPU). */
function peer(program, scratch, confOf) {
  const folder = join(scratch, "syslog-ng");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const config = join(scratch, "syslog-ng.conf");
  writeFileSync(
    config,
    confOf(readFileSync(new URL("syslog-ng.conf", import.meta.url), "utf8")).replaceAll("@FOLDER@", folder),
  );
  const own = ["-R", "-c", "--pidfile"].map((flag, at) => [flag, join(scratch, `syslog-ng.${at}`)]);
  for (const [, path] of own) if (existsSync(path)) rmSync(path);
  const flags = ["-F", "--no-caps", "-f", config, ...own.slice(0, 2).flat(), `--pidfile=${own[2][1]}`];
  return [[program, ...flags], { scratch }];
}
