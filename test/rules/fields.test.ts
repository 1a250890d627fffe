import { describe, expect, it } from "vitest";
import { createUnderstand } from "../../src/records/understand.js";
import { nativeAccess, readField, readValue, sigmaAccess } from "../../src/rules/fields.js";
import { containerFrom } from "../../src/rules/test-record.js";
import { sampleContainer, sampleLine } from "../records/samples.js";
import { recordOf, understand } from "./records.js";

const container = {
  name: "shop-api-1",
  image: "shop:v2",
  labels: {
    "com.docker.compose.project": "shop",
    "com.docker.compose.service": "api",
    team: "blue",
  },
};
const record = recordOf(
  {
    level: "WARNING",
    event_type: "sale",
    text: "the app's own",
    stream: "orders",
    "a.b": "exact",
    a: { b: "path" },
    both: "top",
    metadata: { both: "under", amount: 5, "x.y": { z: 1 }, severity: "low" },
    gone: null,
    message: { not: "a text" },
    tags: "not a list",
  },
  container,
);

describe("native rules find", () => {
  it.each<[string, unknown]>([
    ["ts", "2026-01-31T23:59:59.123456789Z"],
    ["level", "warning"],
    ["event_type", "sale"],
    ["stream", "stdout"],
    ["text", "the app's own"],
    ["line", record.text],
    ["log_sidecar.text", record.text],
    ["log_sidecar.stream", "stdout"],
    ["data.text", "the app's own"],
    ["data.a.b", "exact"],
    ["container.name", "shop-api-1"],
    ["container.image", "shop:v2"],
    ["container.labels.team", "blue"],
    ["container.labels.com.docker.compose.service", "api"],
    ["container.labels.toString", undefined],
    ["compose.project", "shop"],
    ["compose.service", "api"],
    ["component", "api"],
    ["a.b", "exact"],
    ["both", "top"],
    ["amount", 5],
    ["x.y.z", 1],
    ["severity", "low"],
    ["metadata.amount", 5],
    ["gone", null],
    ["message.not", "a text"],
    ["message", { not: "a text" }],
    ["tags", "not a list"],
    ["missing", undefined],
    ["toString", undefined],
    ["__proto__", undefined],
  ])("%s", (name, value) => {
    expect(readField(name)(record)).toEqual(value);
  });

  it("nothing of the app's in a line of text", () => {
    const text = understand("plain", containerFrom(container));
    expect(readField("amount")(text)).toBeUndefined();
    expect(readField("message")(text)).toBe("plain");
  });
});

it("divides one field by another where both are numbers", () => {
  const read = (data: object) => readField("ratio(failed, batch.size)")(recordOf(data));
  expect(read({ failed: 3, batch: { size: "12" } })).toBe(0.25);
  expect([{ failed: 3, "batch.size": 0 }, { failed: "x", "batch.size": 4 }, {}].map(read)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(nativeAccess.keys?.heads("ratio(failed, batch.size)")).toEqual(["failed", "failed"]);
});

describe("what is written is", () => {
  const app = recordOf({ level: 7, text: "good", ts: 5, stream: "btcusdt@trade", line: 42, repeated: "x" });
  it.each<[string, unknown]>([
    ["text", "good"],
    ["line", 42],
    ["ts", 5],
    ["stream", "btcusdt@trade"],
    ["repeated", "x"],
    ["level", 7],
    ["log_sidecar.level", "info"],
    ["log_sidecar.line", app.text],
    ["log_sidecar.ts", app.ts],
  ])("the app's own: %s", (name, value) => {
    expect(readValue(name)(app)).toEqual(value);
  });

  it("the record's where the app has none, and a level as records have it", () => {
    const plain = understand("plain");
    expect(["text", "line", "ts", "stream"].map((name) => readValue(name)(plain))).toEqual([
      "plain",
      "plain",
      plain.ts,
      "stdout",
    ]);
    expect(readValue("level")(recordOf({ level: "ERROR" }))).toBe("error");
    expect(readValue("level")(plain)).toBe("info");
  });
});

it("Sigma rules find the app's fields first, then the record's, and nothing under metadata", () => {
  const read = (name: string) => sigmaAccess.field(name)(record);
  expect(["text", "stream", "level"].map(read)).toEqual(["the app's own", "orders", "WARNING"]);
  expect(["container.name", "compose.service", "amount"].map(read)).toEqual(["shop-api-1", "api", undefined]);
});

it("keywords search every value of the object, or the text", () => {
  const values = [...nativeAccess.values(recordOf({ a: [1, { b: "x" }], c: null, d: true }))];
  expect(values).toEqual([1, "x", true]);
  expect([...sigmaAccess.values(understand("plain"))]).toEqual(["plain"]);
});

it("names, for the index, all keys under which a field can be", () => {
  const heads = (name: string) => nativeAccess.keys?.heads(name);
  expect(heads("a.b")).toEqual(["a", "a.b", "a", "a.b"]);
  expect(heads("data.a")).toEqual(["data", "data.a", "a"]);
  expect(heads("message")).toBeUndefined();
  expect(heads("container.labels.x")).toBeUndefined();
  expect(sigmaAccess.keys?.heads("a.b")).toEqual(expect.arrayContaining(["a", "a.b"]));
  const keysOf = (access: typeof nativeAccess) => {
    const keys: string[] = [];
    access.keys?.each(record, (key) => keys.push(key));
    return keys;
  };
  expect(keysOf(nativeAccess)).toEqual(expect.arrayContaining(["a.b", "metadata", "amount", "x.y"]));
  expect(keysOf(sigmaAccess)).not.toContain("amount");
});

describe("colours", () => {
  const said = "sshd: \u001b[31mFailed\u001b[0m password for \u001b[1mroot\u001b[0m";
  const plain = "sshd: Failed password for root";

  it.each([
    ["text", said],
    ["JSON", JSON.stringify({ msg: said, nested: [said] })],
    ["coloured JSON", `\u001b[32m${JSON.stringify({ msg: said })}\u001b[0m`],
  ])("are no part of what keywords and `text` search in %s", (_, line) => {
    const coloured = createUnderstand()(sampleLine(line), sampleContainer());
    for (const value of nativeAccess.values(coloured)) expect(value).toBe(plain);
    expect(readField("text")(coloured)).toContain(plain);
  });
});
