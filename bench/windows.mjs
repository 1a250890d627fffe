/** What it costs to count a record in a window, against a plain row of the same columns; and what open windows cost a commit. */
import { namedContainer } from "../dist/core/container.js";
import { AGGREGATES } from "../dist/core/windows.js";
import { createUnderstand } from "../dist/records/understand.js";
import { readField } from "../dist/rules/fields.js";
import { lineAt } from "./lines.mjs";
import { compare, inTurns, median, nsEach, table } from "./pairs.mjs";
import { writersTo } from "./writers.mjs";

export const title = "windows: CPU nanoseconds a record, pair by pair against plain rows";

const field = (name) => ({ name, read: readField(name) });
const columns = ["confidence", "inference_time"].map(field);
const plain = { category: "summary", table: "plain", columns, windows: undefined };
const counted = (by, aggregates = AGGREGATES) => ({
  ...plain,
  table: "windows",
  windows: { everyMs: 60_000, graceMs: 10_000, by: by.map(field), aggregates },
});

const KINDS = {
  "no groups, without percentiles": counted([], ["count", "sum", "mean", "min", "max"]),
  "no groups": counted([]),
  "by two fields": counted(["component", "model_version"]),
};

export async function measure({ quick, say }) {
  const understand = createUnderstand();
  const container = namedContainer("stdin", "stdin");
  const records = Array.from({ length: quick ? 5_000 : 20_000 }, (_, n) =>
    understand(
      {
        ts: new Date(Date.UTC(2026, 0, 31) + n * 10).toISOString().replace("Z", "000000Z"),
        stream: "stdout",
        // Inferences: 50 to 79 of each hundred.
        text: lineAt(Math.floor(n / 30) * 100 + 50 + (n % 30)).trimEnd(),
        lines: 1,
        truncated: false,
        replaced: false,
      },
      container,
    ),
  );
  const { writers, windows } = writersTo(() => undefined);
  const nsOf = (target) => {
    const decision = { rule: "r", targets: [target], drop: false };
    return nsEach(
      records.length,
      () => {
        for (const record of records) writers.write(record, decision);
      },
      3,
    );
  };
  const rows = [];
  for (const [name, target] of Object.entries(KINDS)) {
    const pairs = await inTurns(
      3,
      async () => ({ ns: nsOf(target) }),
      async () => ({ ns: nsOf(plain) }),
    );
    windows.writeAll();
    const { a, b, ratio } = compare(pairs, "ns");
    rows.push([name, a.toFixed(0), b.toFixed(0), ratio.toFixed(2)]);
  }
  say(table(["", "window", "plain row", "ratio"], rows));
  say("");
  say(table(["2,000 open groups, 2 columns with percentiles", "ms", "KB"], commits(records, quick)));
}

/** The part that windows have in a commit, by how many of them were added to since the last. */
function commits(records, quick) {
  const { writers, windows } = writersTo(() => undefined);
  const target = counted(["group"]);
  const decision = { rule: "r", targets: [target], drop: false };
  const add = (group, n) =>
    writers.write({ ...records[n], data: { ...records[n].data, group }, ts: records[0].ts }, decision);
  for (let n = 0; n < (quick ? 20_000 : 200_000); n += 1) add(n % 2000, (n * 7919) % records.length);
  windows.snapshot();
  return [0, 50, 2000].map((changed) => {
    const times = [];
    let text = "";
    for (let round = 0; round < 20; round += 1) {
      for (let group = 0; group < changed; group += 1) add(group, round);
      const start = performance.now();
      text = windows.snapshot();
      // Makes it one piece, as the checkpoint does.
      Buffer.byteLength(text);
      times.push(performance.now() - start);
    }
    return [`${changed} added to`, median(times).toFixed(2), (text.length / 1000).toFixed(0)];
  });
}
