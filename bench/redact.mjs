/** What looking for secrets costs lines that have none, and what taking one out costs. */
import { redactLine } from "../dist/records/redact/redact.js";
import { createUnderstand } from "../dist/records/understand.js";
import { lineAt, linesFile } from "./lines.mjs";
import { compare, inTurns, median, table } from "./pairs.mjs";
import { measureSidecar } from "./sidecar-pipe.mjs";

export const title = "Secrets: understanding lines with redaction and without";

const LINES = 2_000;

const id = (index) => ((index * 2654435761) >>> 0).toString(16).padStart(8, "0");
const time = (index) => new Date(Date.UTC(2026, 0, 31) + index * 7).toISOString();

/** Ordinary lines, by shape; the last has secrets. */
const SHAPES = {
  "JSON, mixed": (index) => lineAt(index).trimEnd(),
  pino: (index) =>
    `{"level":30,"time":${1769817600000 + index},"pid":7,"hostname":"api-1","reqId":"req-${id(index)}","res":{"statusCode":200},"responseTime":${index % 90},"msg":"request completed"}`,
  "LLM, many tokens": (index) =>
    `{"level":"info","event_type":"completion","model":"m-1","prompt_tokens":${index},"completion_tokens":512,"total_tokens":${index + 512},"max_tokens":4096,"tokenizer":"bpe","ms_per_token":12.5,"session":"${id(index)}","key":"cache:${index}"}`,
  logfmt: (index) =>
    `time=${time(index)} level=info msg="order filled" symbol=BTCUSDT price=97000.5 qty=2 order_id=${id(index)} latency=${index % 90}ms`,
  "access line": (index) =>
    `203.0.113.7 - - [31/Jan/2026:12:00:00 +0000] "GET /api/v1/orders/${index} HTTP/1.1" 200 ${index} "-" "Mozilla/5.0 (X11; Linux x86_64)"`,
  "Python's logging": (index) =>
    `${time(index).slice(0, 10)} 12:00:00,123 - shop.cart - INFO - item ${id(index)} added to the cart of user ${index}`,
  "one secret a line": (index) =>
    `{"level":"info","msg":"login","user":"user${index}","password":"${id(index)}","source_ip":"10.0.0.7"}`,
};

/** @param {{quick: boolean, scratch: string, say: (text: string) => void}} options */
export async function measure({ quick, scratch, say }) {
  const rounds = quick ? 9 : 31;
  const rows = [];
  for (const [name, line] of Object.entries(SHAPES)) {
    // Slices of one text, as a source cuts them.
    const text = Array.from({ length: LINES }, (_, index) => line(index)).join("\n");
    const lines = text.split("\n");
    const pairs = await inTurns(rounds, understanding(lines, true), understanding(lines, false));
    const { a, b, ratio } = compare(pairs.slice(2), "ns");
    rows.push([
      name,
      Math.round(median(lines.map(({ length }) => length))),
      Math.round(b),
      Math.round(a - b),
      `${((ratio - 1) * 100).toFixed(1)} %`,
    ]);
  }
  say(table(["shape", "bytes", "ns without", "ns more", "of understanding"], rows));
  await wholePipe({ quick, scratch, say });
}

/** The share of all work that lines from a pipe take until they are stored. */
async function wholePipe({ quick, scratch, say }) {
  const count = quick ? 100_000 : 300_000;
  const file = await linesFile(scratch, count);
  const run = (setting) => () => measureSidecar(file, count, scratch, { SIDECAR_REDACT: setting });
  const pairs = await inTurns(quick ? 5 : 15, run("on"), run("off"));
  const { a, b, ratio } = compare(pairs, "cpuS");
  const ratios = pairs.map(({ a, b }) => (a.cpuS / b.cpuS).toFixed(2)).sort();
  say(
    `\n${count} lines from a pipe into files: ${a.toFixed(2)} s CPU with, ${b.toFixed(2)} s without, ratio ${ratio.toFixed(2)} (${ratios.join(" ")})`,
  );
}

/** Understands all lines some times; gives CPU nanoseconds a line. */
function understanding(lines, redacting) {
  const container = { id: "x", name: "shop", image: "", labels: {}, componentDefault: "shop" };
  const redact = redacting ? (text) => redactLine(text, () => undefined) : undefined;
  const understand = createUnderstand({ redact });
  const line = { ts: "2026-01-31T12:00:00.123456789Z", stream: "stdout", lines: 1 };
  return async () => {
    const before = process.cpuUsage();
    for (let round = 0; round < 5; round += 1) {
      for (const text of lines) understand({ ...line, text, truncated: false, replaced: false }, container);
    }
    const { user, system } = process.cpuUsage(before);
    return { ns: ((user + system) * 1000) / lines.length / 5 };
  };
}
