import { describe, expect, it } from "vitest";
import type { SummaryTarget } from "../../src/core/decision.js";
import { describeCategoryWriter } from "../contract/category-writer.js";
import { runPython } from "../programs.js";
import { requirement } from "../requirements.js";
import { createBench, decision, field, jsonRecord, record, temporaryFile } from "./samples.js";

const target: SummaryTarget = {
  category: "summary",
  table: "onnx_inference",
  columns: [
    { ...field("confidence"), name: "confidence" },
    { ...field("inference_time"), name: "seconds" },
    { ...field("model_version"), name: "model" },
  ],
  windows: undefined,
};
const path = "summary/onnx_inference/onnx_inference_2026-01-31.csv";

describeCategoryWriter("summary", {
  target: () => ({ ...target }),
  dataText: '{"confidence":0.85}',
  paths: [path, path.replace("01-31", "02-01")],
});

describe("summary", () => {
  it("writes a header once, then the time and the rule's columns", () => {
    const { sink, writers } = createBench();
    const decided = decision(target);
    writers.write(
      jsonRecord('{"confidence":0.85,"inference_time":-1,"model_version":"v1, \\"beta\\""}'),
      decided,
    );
    writers.write(jsonRecord('{"model_version":"=1+1","confidence":null}'), decided);
    writers.write(record(), decided);
    expect(sink.files.get(path)).toBe(
      "ts,confidence,seconds,model\n" +
        '2026-01-31T23:59:59.123456789Z,0.85,-1,"v1, ""beta"""\n' +
        "2026-01-31T23:59:59.123456789Z,,,'=1+1\n" +
        "2026-01-31T23:59:59.123456789Z,,,\n",
    );
  });

  it("keeps all digits of long integers, also within lists", () => {
    const { sink, writers } = createBench();
    const ids: SummaryTarget = { ...target, table: "ids", columns: [field("id"), field("list")] };
    writers.write(jsonRecord('{"id":1234567890123456789,"list":[9007199254740993]}'), decision(ids));
    writers.write(jsonRecord('{"id":1,"list":{"deep":[{"x":9007199254740993}]}}'), decision(ids));
    const rows = sink.files.get("summary/ids/ids_2026-01-31.csv")?.split("\n").slice(1);
    expect(rows?.[0]).toMatch(/,1234567890123456789,\[9007199254740993\]$/);
    expect(rows?.[1]).toMatch(/,1,"\{""deep"":\[\{""x"":9007199254740993\}\]\}"$/);
  });

  it("keeps tables beyond the limit of names apart within _other", () => {
    const { sink, writers } = createBench({ limit: 1 });
    for (const table of ["a", "b", "c"]) writers.write(jsonRecord("{}"), decision({ ...target, table }));
    expect(sink.paths()).toEqual([
      "summary/a/a_2026-01-31.csv",
      "summary/_other/b_2026-01-31.csv",
      "summary/_other/c_2026-01-31.csv",
    ]);
  });

  it.skipIf(requirement("python").missing)("is a table for pandas, with the times to the nanosecond", () => {
    const { sink, writers } = createBench();
    for (let n = 0; n < 100; n += 1) {
      writers.write(
        jsonRecord(`{"confidence":${n / 100},"inference_time":${n},"model_version":"v${n}"}`),
        decision(target),
      );
    }
    const script = `
import json, pandas, sys
table = pandas.read_csv(sys.argv[1], parse_dates=["ts"])
print(json.dumps([list(table.columns), [str(t) for t in table.dtypes], len(table), int(table.ts[0].value), round(table.confidence.sum(), 6)]))`;
    expect(runPython(script, [temporaryFile("t.csv", sink.files.get(path) ?? "")])).toEqual([
      ["ts", "confidence", "seconds", "model"],
      ["datetime64[ns, UTC]", "float64", "int64", "object"],
      100,
      Number(1769903999123456789n),
      49.5,
    ]);
  });
});
