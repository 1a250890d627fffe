/** What it costs to make a record's entry of each category, without the store. */
import { namedContainer } from "../dist/core/container.js";
import { createUnderstand } from "../dist/records/understand.js";
import { readField } from "../dist/rules/fields.js";
import { lineAt } from "./lines.mjs";
import { nsEach, table } from "./pairs.mjs";
import { writersTo } from "./writers.mjs";

export const title = "records and categories: CPU nanoseconds a record";

const field = (name) => ({ name, read: readField(name) });
const TARGETS = {
  raw: { category: "raw" },
  summary: {
    category: "summary",
    table: "t",
    columns: ["confidence", "inference_time", "model_version"].map(field),
  },
  training: {
    category: "training",
    dataset: "d",
    format: "npz",
    features: ["confidence", "inference_time"].map(field),
    label: field("label"),
    fields: [],
    rule: { id: "r", definition: "0".repeat(16) },
  },
  tagged: { category: "tagged", rule: "r", tags: ["security"], severity: "high", retention: "permanent" },
};

export async function measure({ quick, say }) {
  const container = namedContainer("stdin", "stdin");
  const understand = createUnderstand();
  // Labelled inferences: all four categories can take them.
  const texts = Array.from({ length: quick ? 20_000 : 50_000 }, (_, n) =>
    lineAt(Math.floor(n / 10) * 100 + 50 + (n % 10)).trimEnd(),
  );
  const lines = texts.map((text) => ({
    ts: "2026-01-31T00:00:00.000000000Z",
    stream: "stdout",
    text,
    lines: 1,
    truncated: false,
    replaced: false,
  }));
  const records = lines.map((line) => understand(line, container));
  let bytes = 0;
  const { writers } = writersTo((text) => {
    bytes += text.length;
  });
  const each = (work) => nsEach(records.length, work).toFixed(0);
  const rows = [
    [
      "JSON.parse alone",
      each(() => {
        for (const text of texts) bytes += JSON.parse(text).label;
      }),
    ],
    [
      "a line becomes a record",
      each(() => {
        for (const line of lines) bytes += understand(line, container).lines;
      }),
    ],
  ];
  for (const [category, target] of Object.entries(TARGETS)) {
    const decision = { rule: "r", targets: [target], drop: false };
    rows.push([
      category,
      each(() => {
        for (const record of records) writers.write(record, decision);
      }),
    ]);
  }
  if (bytes === 0) throw new Error("nothing was written");
  say(table(["", "ns"], rows));
}
