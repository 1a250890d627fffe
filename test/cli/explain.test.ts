import { expect, it } from "vitest";
import { type ExplainOptions, explainLines } from "../../src/cli/explain.js";
import { rulesFolder, understand } from "../rules/records.js";

const RULES = `rules:
  - id: sale
    match: { event_type: sale, amount|gte: 5 }
    to: { raw: {}, summary: { table: sales, columns: [amount] } }
  - {id: big, match: {event_type: sale, amount|gte: 100, currency: EUR}, drop: true}
  - id: visit
    match: { event_type: visit }
    to: { summary: { table: visits, every: 90s, by: [page], columns: { ms: took } } }
  - {id: noise, match: {event_type: noise}, drop: true}
`;

async function explained(lines: string[], options: Partial<ExplainOptions> = {}): Promise<string> {
  const rulesDir = await rulesFolder({ "a.yaml": RULES });
  let text = "";
  const output = { write: (part: string) => (text += part) };
  expect(await explainLines({ rulesDir, lines, json: false, understand, ...options }, output)).toBe(0);
  return text.replaceAll(rulesDir, "rules");
}

it("shows the rule, its answers, and what is written", async () => {
  const text = await explained(['{"event_type":"sale","amount":7,"currency":"EUR"}'], {
    container: { name: "shop" },
  });
  expect(text).toMatch(/^record +level="info" component="shop" event_type="sale" stream="stdout"$/m);
  expect(text).toMatch(/^decided +sale\nasked +sale \(rules\/a\.yaml:2\)$/m);
  expect(text).toMatch(/^ +✓ amount\|gte: 5$/m);
  expect(text).toMatch(/^written +raw\/shop\/log_<date>\.jsonl$/m);
  expect(text).toMatch(/^written +summary\/sales\/sales_<date>\.csv {2}amount=7$/m);
  expect(text).toMatch(/^near +big \(rules\/a\.yaml:5\): 67 % of it held$/m);
  expect(text).toMatch(/^ +✗ amount\|gte: 100$/m);
});

it("shows the group and the windows in which a line is counted", async () => {
  const line = '{"event_type":"visit","page":"/","took":7}';
  expect(await explained([line])).toMatch(
    /^written +summary\/visits\/visits_<date>\.csv {2}\(in windows of 90s\) {2}page="\/" ms=7$/m,
  );
  const { written } = JSON.parse(await explained([line], { json: true }));
  expect(written).toMatchObject([{ every: "90s", values: { page: "/", ms: 7 } }]);
});

it("says when a line is dropped, and when no rule takes it", async () => {
  const text = await explained(['{"event_type":"noise"}', "hello", '{"category":"tagged"}']);
  const [dropped, plain, wish] = text.split("\n\n");
  expect(dropped).toMatch(/^decided +noise; it is dropped$/m);
  expect(dropped).not.toContain("written");
  expect(plain).toMatch(/^decided +no rule; the default$/m);
  expect(wish).toMatch(/^decided +no rule; the line's own `category`$/m);
});

it("prints nothing that a terminal acts upon", async () => {
  const text = await explained(["a\u009b31m \u202eb\u0007"]);
  expect(text).toContain('message="a\\u009b31m \\u202eb\\u0007"');
});

it("--json gives an object a line", async () => {
  const lines = (await explained(["a", "b"], { json: true, stream: "stderr" })).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { record: { message: "a", stream: "stderr" }, rule: null, by: "default", drop: false },
    { record: { message: "b" }, written: [{ category: "raw", file: "raw/app/log_<date>.jsonl" }] },
  ]);
});

it("--json gives the categories in order, all rules that match, and the record as it would be written", async () => {
  const sigma =
    "title: T\nid: s1\nlogsource: {product: p}\ndetection: {s: {amount: 120}, condition: s}\nlevel: high\n";
  const rulesDir = await rulesFolder({ "a.yaml": RULES, "s.yml": sigma });
  const lines = ['{"event_type":"sale","amount": 120,"currency":"EUR"}', '{"event_type":"noise","amount":1}'];
  const asked = await explained(lines, { rulesDir, json: true, anyLogsource: true });
  const [sale, noise] = asked.split("\n").map((line) => JSON.parse(line || "{}"));
  expect(sale).toMatchObject({
    rule: "sale",
    to: ["raw", "summary", "tagged"],
    matched: ["sale", "big", "s1"],
    record: { component: "app", rule: "sale", data: { amount: 120 } },
  });
  expect(asked).toContain('"data":{"event_type":"sale","amount": 120,');
  expect(noise).toMatchObject({ rule: "noise", to: [], matched: ["noise"], drop: true, written: [] });
  const inactive = JSON.parse(await explained(lines.slice(0, 1), { rulesDir, json: true }));
  expect(inactive).toMatchObject({ to: ["raw", "summary"], matched: ["sale", "big"] });
});

it("--json shows the record of tagged where it goes there alone", async () => {
  const rules = "rules:\n  - {id: t, match: always, to: {tagged: {tags: [x], severity: low}}}\n";
  const rulesDir = await rulesFolder({ "a.yaml": rules });
  const { record } = JSON.parse(await explained(["words"], { rulesDir, json: true }));
  expect(record).toMatchObject({ message: "words", rule: "t", tags: ["x"], severity: "low" });
});

it("reads lines from a stream", async () => {
  async function* lines() {
    yield "one";
    yield "two";
  }
  expect((await explained([], { lines: lines() })).match(/^record/gm)).toHaveLength(2);
});

it("throws what is wrong with the rules", async () => {
  const rulesDir = await rulesFolder({ "a.yaml": "rules: 5" });
  const output = { write: () => undefined };
  await expect(explainLines({ rulesDir, lines: [], json: false, understand }, output)).rejects.toMatchObject({
    code: "RULES_INVALID",
    exit: 78,
  });
});

const ACTIONS = `rules:
  - {id: mask, match: {user.name|exists: true}, redact: [user.name], set: {seen: true}, continue: true}
  - id: noisy
    match: {event_type: miss}
    sample: 0.000001
    dedupe: {window: 1500ms, by: [a]}
    to: {raw: {}, summary: {table: misses, columns: [seen]}}
`;

it("shows what else the rules do: as a line that is kept, once, and edited", async () => {
  const rulesDir = await rulesFolder({ "a.yaml": ACTIONS });
  const lines = ['{"event_type":"miss","user":{"name":"ann"}}', '{"user":{"name":"ann"}}'];
  const [miss = "", other = ""] = (await explained(lines, { rulesDir })).split("\n\n");
  expect(miss).toMatch(/^decided +mask, then noisy$/m);
  expect(miss).toMatch(/^ +✓ user\.name\|exists: true$/m);
  expect(miss).toMatch(/^edited +seen=true, user\.name redacted \(mask\)$/m);
  expect(miss).toMatch(/^sampled +noisy keeps 0\.0001 % of its lines; this is one of them$/m);
  expect(miss).toMatch(/^deduped +noisy makes one record of all that are equal in a within 1\.5 s$/m);
  expect(miss).toMatch(/^written +summary\/misses\/misses_<date>\.csv {2}seen=true$/m);
  expect(other).toMatch(/^decided +mask, then the default$/m);
  const [json = ""] = (await explained(lines, { rulesDir, json: true })).split("\n");
  expect(JSON.parse(json)).toMatchObject({
    rule: "noisy",
    to: ["raw", "summary"],
    record: { rule: "noisy", data: { user: { name: "[redacted]" }, seen: true } },
    actions: [
      { rule: "mask", set: { seen: true }, redact: ["user.name"] },
      { rule: "noisy", sample: 0.000001, dedupe: { window: 1500, by: ["a"] } },
    ],
  });
});
