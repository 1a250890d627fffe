/** Lines of text from a pipe, each of which becomes a record with its parts, beside syslog-ng with the parser for just these lines. */
import { closeSync, mkdirSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compare, inTurns, median, table } from "./pairs.mjs";
import { measurePipe } from "./programs.mjs";
import { measureSidecar, newlines } from "./sidecar-pipe.mjs";
import { KINDS, textFile } from "./text-lines.mjs";

export const title =
  "text: lines of text from a pipe to records, against syslog-ng that is told how to take each kind apart";

export async function measure({ quick, scratch, say, findProgram }) {
  const count = quick ? 100_000 : 1_000_000;
  const rounds = quick ? 3 : 5;
  const syslogNg = findProgram("syslog-ng");
  const started = await measureSidecar("/dev/null", 0, scratch);
  const rows = [];
  for (const [kind, { parser, message, level }] of Object.entries(KINDS)) {
    const file = textFile(scratch, kind, count);
    const ours = () => measureSidecar(file, count, scratch, {}, { raw: count });
    const theirs = () =>
      syslogNg && measurePipe(file, peer(syslogNg, scratch, { parser, message, level }), { scratch });
    const pairs = await inTurns(rounds, ours, async () => (await theirs()) ?? { cpuS: Number.NaN });
    checkPeer(scratch, syslogNg && count);
    const { a, b, ratio } = compare(pairs, "cpuS");
    const bare = median(pairs.map(({ a }) => a.cpuS - started.cpuS));
    const peakMb = median(pairs.map(({ a }) => a.peakMb));
    rows.push([kind, a, b, ratio].map((cell) => (typeof cell === "number" ? cell.toFixed(2) : cell)));
    rows.at(-1).push(((bare / count) * 1e6).toFixed(1), peakMb.toFixed(0));
  }
  say(
    table(
      [`${count} lines, CPU s`, "sidecar", "syslog-ng", "ratio", "µs a line without the start", "peak MB"],
      rows,
    ),
  );
  if (syslogNg === undefined) say("syslog-ng is not installed");
}

function peer(program, scratch, { parser, message, level }) {
  const folder = join(scratch, "syslog-ng-text");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const config = join(scratch, "syslog-ng-text.conf");
  const record = `$(format-json ts=\\"\${R_ISODATE}\\" level=\\"${level === undefined ? "info" : macro(level)}\\" component=stdin message=\\"${macro(message)}\\" container=stdin stream=stdout --key d.* --exclude d.msg --exclude d.level --rekey d.* --shift 2 --add-prefix data.)`;
  writeFileSync(
    config,
    `@version: 3.38
options { keep-timestamp(yes); stats-freq(0); threaded(no); flush-lines(1000); log-fifo-size(20000); create-dirs(yes); use-dns(no); dns-cache(no); };
source s_in { stdin(flags(no-parse) log-msg-size(65536) log-iw-size(20000)); };
parser p_text { ${parser}; };
destination d_raw { file("${folder}/raw.jsonl" template("${record}\\n")); };
log { source(s_in); parser(p_text); destination(d_raw); flags(flow-control); };
`,
  );
  const own = ["-R", "-c", "--pidfile"].map((flag, at) => [flag, join(scratch, `syslog-ng-text.${at}`)]);
  for (const [, path] of own) rmSync(path, { force: true });
  return [program, "-F", "--no-caps", "-f", config, ...own.slice(0, 2).flat(), `--pidfile=${own[2][1]}`];
}

function macro(name) {
  return `\${${name}}`;
}

/** What took nothing apart is no figure to compare with. */
function checkPeer(scratch, count) {
  if (count === undefined) return;
  const path = join(scratch, "syslog-ng-text/raw.jsonl");
  const lines = newlines(path);
  if (lines !== count) throw new Error(`syslog-ng wrote ${lines} of ${count} lines`);
  const begin = Buffer.alloc(4096);
  const file = openSync(path, "r");
  readSync(file, begin);
  closeSync(file);
  const first = begin.toString("utf8", 0, begin.indexOf(10));
  if (JSON.parse(first).data === undefined) throw new Error(`syslog-ng took nothing apart: ${first}`);
}
