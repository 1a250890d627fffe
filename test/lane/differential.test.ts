import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { StagedBook } from "../../src/store/staged.js";
import { type Run, runWay, type Step } from "./both-ways.js";
import { randomChunks, randomFrom, seeds } from "./random-lines.js";
import { randomRules } from "./random-rules.js";
import { ALL_KINDS, KEYWORDS, MANY, NOTHING, SHIPPED, SIGMA, WHOLE_LINES } from "./rule-sets.js";

/** Before a change of the lane is called done: TEST_LINES=10000000; with TEST_LINES_A_RUN=1500 there are other rules for each 1,500 of them. */
const LINES = Number(process.env["TEST_LINES"] ?? 2_000);
const LINES_A_RUN = Math.min(LINES / 4, Number(process.env["TEST_LINES_A_RUN"] ?? 20_000));

const RULES = [SHIPPED, ALL_KINDS, WHOLE_LINES, SIGMA, NOTHING, KEYWORDS, MANY];
const SETTINGS: readonly NonNullable<Run["settings"]>[] = [
  {},
  { segmentSize: "20KB", trainingSamples: "37" },
  { redact: "off", timeZone: "Asia/Seoul", maxNames: "3" },
];
const CONTAINERS: readonly NonNullable<Run["container"]>[] = [
  {},
  { minLevel: "warning" },
  { componentLabel: "labelled", labels: { "log-sidecar.logsource": "category=webserver" } },
  { labels: { "log-sidecar.logsource": "category=webserver" } },
  { format: "plain" },
];

/** Reloads, and jumps of half a day. */
const EXTRAS = 6;
/** Ends what is pending: how long that waits for more is a matter of time. */
const WHOLE: Step = { bytes: Buffer.from('\n{"end":1}\n') };

function runFrom(seed: number): Run {
  const random = randomFrom(seed);
  const draw = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const rulesOf = () => (random() < 0.5 ? randomRules(random) : draw(RULES));
  const steps: Step[] = randomChunks(seed, LINES_A_RUN).map((bytes) => ({ bytes }));
  for (let extra = 0; extra < EXTRAS; extra += 1) {
    const at = Math.floor(random() * steps.length);
    steps.splice(at, 0, ...(random() < 0.5 ? [{ ms: 40_000_000 }] : [WHOLE, { rules: rulesOf() }]));
  }
  const rules = random() < 0.3 ? SHIPPED : rulesOf();
  const hears = random() < 0.3;
  const framed = random() < 0.5 ? seed : undefined;
  return {
    hears,
    framed,
    steps,
    rules,
    settings: draw(SETTINGS),
    container: random() < 0.5 ? {} : draw(CONTAINERS),
  };
}

describe("the lane", () => {
  // The dates of the lines are long over: what the store finishes because it has been quiet for some seconds is a matter of the machine.
  beforeAll(() => void vi.spyOn(StagedBook.prototype, "freezeOld").mockImplementation(() => undefined));
  afterAll(() => void vi.restoreAllMocks());

  it("leaves the same files, account and counters as the long way, whatever is printed", {
    timeout: 36_000_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const run = runFrom(seed);
        const { lane: _, ...short } = await runWay("on", run);
        const { lane: __, ...long } = await runWay("off", run);
        expect(short).toEqual(long);
      }),
      { numRuns: Math.ceil(LINES / LINES_A_RUN), endOnFailure: true },
    );
  });

  it.each<[string, string, (odd: number) => object]>([
    [
      "what a rule would extract from a text",
      "{part|gt: 3}, extract: {pattern: 'part (?<part>[0-9]+)', types: {part: int}}",
      (odd) => ({ message: `part ${odd}` }),
    ],
    ["a ratio", "{'ratio(failed, all)|gt': 0.05}", (odd) => ({ failed: odd, all: 100 })],
  ])("sees %s", async (_name, match, fieldsFor) => {
    const rules = `rules: [{id: a, match: ${match}, to: {tagged: {}}}]`;
    const odd = [...Array.from({ length: 40 }, () => 1), 7, ...Array.from({ length: 40 }, () => 2), 8];
    const lines = odd.map((each, n) => JSON.stringify({ level: "INFO", ...fieldsFor(each), n }));
    const steps = [{ bytes: Buffer.from(`${lines.join("\n")}\n`) }];
    const { lane: _, ...short } = await runWay("on", { steps, rules });
    const { lane: __, ...long } = await runWay("off", { steps, rules });
    expect(short).toEqual(long);
    expect(Object.keys(long.files)).toHaveLength(2);
  });

  it.each([
    ["price", (n: number) => (n % 9 === 8 ? '"price":5.0' : `"price":${n + 0.25}`)],
    ["price", (n: number) => (n % 9 === 8 ? ' "price": 7' : `"price":${n}`)],
    ["list", (n: number) => `"list":["x",${n}]`],
    ["inner", (n: number) => `"inner":{"list":[null,"text ${n}"],"a":${n}}`],
    ["inner", (n: number) => `"inner":{${n % 9 === 8 ? " " : ""}"a":${n % 7 === 6 ? "1.50" : n}}`],
    ["near", (n: number) => `"near":${n % 2 === 0 ? "0.30000000000001" : "0.30000000000002"}`],
    ["near", (n: number) => `"near":${n % 3 === 0 ? "7" : n % 3 === 1 ? "7.0" : "7.00"}`],
    ["word", (n: number) => `"word":"${n % 2 === 0 ? "H\u0130" : `h${n}`}"`],
  ])(
    "writes %s as it stands in each line where a column holds it, alone and in the line (%#)",
    async (name, member) => {
      const rules = `rules:
  - {id: a, match: {near|gt: 0.3, near|lt: 0.30000000000005}, to: {tagged: {tags: [near]}}, continue: true}
  - {id: b, match: {near|gte: 7, word|contains: hi}, to: {tagged: {tags: [seven]}}, continue: true}
  - {id: c, match: always, to: {summary: {table: lines, columns: [line, ${name}]}}, continue: true}
  - {id: d, match: always, to: {summary: {table: values, columns: [${name}]}}, continue: true}
default: raw`;
      const lines = Array.from({ length: 60 }, (_, n) => `{"level":"INFO",${member(n)}}`);
      const steps = [{ bytes: Buffer.from(`${lines.join("\n")}\n`) }];
      const { lane: _, ...short } = await runWay("on", { steps, rules });
      const { lane: __, ...long } = await runWay("off", { steps, rules });
      expect(short).toEqual(long);
    },
  );

  it("asks for hundreds of names and bounds as closely as for a few", async () => {
    const users = [
      "done",
      "DONE",
      "done ",
      "done2",
      "text 7 of 49",
      "text 7 of 50",
      "",
      "a\\u002cb",
      "a,b",
      "k",
      "주문",
    ];
    const lines = Array.from({ length: 4_000 }, (_, n) => {
      const user = n % 3 === 0 ? users[n % users.length] : `user ${n}`;
      return `{"level":"INFO","event_type":"login","user":"${user}","confidence":${(n % 3) * 128 + ((n * 7) % 10)}}`;
    });
    const steps = [{ bytes: Buffer.from(`${lines.join("\n")}\n`) }];
    const { lane, ...short } = await runWay("on", { steps, rules: MANY });
    const { lane: _, ...long } = await runWay("off", { steps, rules: MANY });
    expect(short).toEqual(long);
    expect(lane.taken, JSON.stringify(lane)).toBeGreaterThan(3_000);
  });

  it.each([undefined, 1])("cuts no line that is longer than lines may be (framed: %s)", async (framed) => {
    const line = `{"level":"INFO","message":"${"x".repeat(3000)}"}\n`;
    const run = {
      steps: [{ bytes: Buffer.from(line.repeat(10)) }],
      rules: NOTHING,
      framed,
      settings: { maxLine: "1024" },
    };
    const { lane: _, ...short } = await runWay("on", run);
    const { lane: __, ...long } = await runWay("off", run);
    expect(short).toEqual(long);
    expect(long.counters["lines_truncated_total"]).toBe(10);
  });

  it("takes an engine's messages too", async () => {
    const lines = Array.from(
      { length: 500 },
      (_, n) => `{"level":"INFO","component":"api","message":"GET ${n}"}\n`,
    );
    const steps = [{ bytes: Buffer.from(lines.join("")) }];
    const { lane } = await runWay("on", { steps, rules: SHIPPED, framed: 7 });
    expect(lane.taken, JSON.stringify(lane)).toBeGreaterThan(450);
  });

  it("tells what rules measure of the lines that it takes, in their order", async () => {
    const rules = `rules:
      - {id: a, match: {ms|gte: 0}, to: {raw: {}}, metric: {name: last_ms, type: gauge, value: ms, labels: [path]}}
default: raw`;
    const lineOf = (n: number) =>
      n % 7 === 0 ? `{"path":"/a", "ms":${n}, "n":[[1]]}` : `{"path":"/${n % 3}","ms":${n}}`;
    const lines = Array.from({ length: 200 }, (_, n) => lineOf(n));
    const steps = [{ bytes: Buffer.from(`${lines.join("\n")}\n`) }];
    const { lane, samples } = await runWay("on", { steps, rules, hears: true });
    expect(lane.taken).toBeGreaterThan(100);
    expect(samples.map((sample) => Number(sample.split(" ")[1]))).toEqual(lines.map((_, n) => n));
  });

  it("takes nearly all lines of a program that prints alike", async () => {
    const lines = Array.from({ length: 3_000 }, (_, serial) =>
      [
        `{"level":"INFO","component":"api","event_type":"request","message":"GET /orders/${serial} 200","ms":${serial / 8}}`,
        `{"level":"INFO","component":"onnx_sentiment","event_type":"inference","confidence":0.${serial}5,"inference_time":0.25,"label":1}`,
        `{"level":"WARNING","message":"주문 ${serial} 거부: \\"quoted\\"\\n","component":"주문"}`,
      ].join("\n"),
    );
    const bytes = Buffer.from(`${lines.join("\n")}\n`);
    const { lane } = await runWay("on", { steps: [{ bytes }], rules: SHIPPED });
    expect(lane.taken, JSON.stringify(lane)).toBeGreaterThan(8_970);
  });
});
