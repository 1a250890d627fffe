import { describe, expect, it } from "vitest";
import { loadRules } from "../../src/rules/load.js";
import type { LogsourceSetting } from "../../src/rules/logsource.js";
import { containerFrom } from "../../src/rules/test-record.js";
import { recordOf, rulesFolder, understand } from "./records.js";

function sigma(id: string, rest: string, logsource = "product: django"): string {
  return `title: Title ${id}\nid: ${id}\nlogsource: {${logsource}}\n${rest}\n`;
}

const ROOT = "detection:\n  s: {user: root}\n  condition: s";

async function load(files: Record<string, string>, logsources: LogsourceSetting[] = []) {
  return loadRules(await rulesFolder(files), { logsources });
}

const DJANGO = { labels: { "log-sidecar.logsource": "product=django,service=api" } };

it("rules that match add one tagged record naming them all, whatever the native rules decided", async () => {
  const rules = await load({
    "a.yml": sigma(
      "s1",
      `level: low\ntags: [attack.t1, attack.t2]\nreferences: ['https://a.example']\n${ROOT}`,
    ),
    "b.yml": sigma("s2", `level: critical\ntags: [attack.t2]\n${ROOT}`),
    "c.yml": sigma("s3", "level: high\ndetection:\n  s: {user: ann}\n  condition: s"),
    "n.yaml":
      "rules:\n  - {id: n, match: {user: root}, drop: true}\n  - {id: m, match: {user: ann}, to: {tagged: {tags: [x]}}}",
  });
  expect(rules.classify(recordOf({ user: "root" }, DJANGO))).toEqual({
    rule: "n",
    drop: false,
    sampled: false,
    targets: [
      {
        category: "tagged",
        rule: "s1,s2",
        tags: ["attack.t1", "attack.t2", "Title s1", "https://a.example", "Title s2"],
        severity: "critical",
        retention: "permanent",
      },
    ],
  });
  const both = rules.classify(recordOf({ user: "ann" }, DJANGO));
  expect(both.targets).toMatchObject([
    { rule: "m", tags: ["x"] },
    { rule: "s3", severity: "high" },
  ]);
  expect(rules.classify(recordOf({ user: "eve" }, DJANGO)).targets).toEqual([{ category: "raw" }]);
});

it("a rule without level is medium, one without id goes by its title", async () => {
  const rules = await load({ "a.yml": `title: A, b\nlogsource: {product: django}\n${ROOT}` });
  expect(rules.classify(recordOf({ user: "root" }, DJANGO)).targets[1]).toMatchObject({
    rule: "A  b",
    severity: "medium",
    tags: ["A, b"],
  });
});

it("a rule with `to:` goes there, and what it does not say of tagged comes from itself", async () => {
  const to = (text: string) => `level: high\ntags: [t]\nto: ${text}\n${ROOT}`;
  const rules = await load({
    "a.yml": sigma("s1", to("{summary: {table: roots, columns: [user]}}")),
    "b.yml": sigma("s2", to("{tagged: {tags: [mine], retention: 90d}}")),
  });
  expect(rules.classify(recordOf({ user: "root" }, DJANGO)).targets).toMatchObject([
    { category: "raw" },
    { category: "summary", table: "roots" },
    { category: "tagged", rule: "s2", tags: ["t", "Title s2", "mine"], severity: "high", retention: "90d" },
  ]);
});

it("the app's own fields come before the record's, keywords search text and values", async () => {
  const rules = await load({
    "a.yml": sigma("own", "detection:\n  s: {level: '4', stream: stdout}\n  condition: s"),
    "b.yml": sigma("word", "detection:\n  k: [needle]\n  condition: k"),
    "c.yml": sigma("meta", "detection:\n  s: {inner: 1}\n  condition: s"),
  });
  const tagged = (record: ReturnType<typeof understand>) =>
    rules.classify(record).targets.flatMap((target) => (target.category === "tagged" ? target.rule : []));
  expect(tagged(recordOf({ level: 4 }, DJANGO))).toEqual(["own"]);
  expect(tagged(recordOf({ a: { b: ["a needle"] } }, DJANGO))).toEqual(["word"]);
  expect(tagged(understand("hay, Needle, hay", containerFrom(DJANGO)))).toEqual(["word"]);
  expect(tagged(recordOf({ metadata: { inner: 1 } }, DJANGO))).toEqual([]);
});

describe("a rule is asked where each attribute that it sets equals the container's", () => {
  const cases: [string, string, boolean][] = [
    ["product: django", "product=django,service=api", true],
    ["product: Django", "product=DJANGO", true],
    ["product: django, service: api", "product=django,service=api", true],
    ["product: django, category: application", "product=django,service=api", false],
    ["product: linux", "product=django", false],
    ["definition: whatever", "product=django", true],
  ];
  it.each(cases)("%s by a container of %s: %s", async (logsource, label, asked) => {
    const rules = await load({ "a.yml": sigma("s1", ROOT, logsource) });
    const container = { labels: { "log-sidecar.logsource": label } };
    expect(rules.classify(recordOf({ user: "root" }, container)).targets).toHaveLength(asked ? 2 : 1);
    expect(rules.inactive([containerFrom(container)])).toHaveLength(asked ? 0 : 1);
  });

  it("containers without the label get theirs from the settings, by service or image", async () => {
    const rules = await load({ "a.yml": sigma("s1", ROOT) }, [
      { service: "api", logsource: { product: "django" } },
      { image: "registry:5000/shop", logsource: { product: "django" } },
    ]);
    const asked = (container: Parameters<typeof recordOf>[1]) =>
      rules.classify(recordOf({ user: "root" }, container)).targets.length === 2;
    expect(asked({ labels: { "com.docker.compose.service": "api" } })).toBe(true);
    expect(asked({ image: "registry:5000/shop:v2" })).toBe(true);
    expect(asked({ image: "registry:5000/other" })).toBe(false);
    expect(
      asked({ labels: { "com.docker.compose.service": "api", "log-sidecar.logsource": "product=x" } }),
    ).toBe(false);
    expect(rules.inactive([])).toHaveLength(1);
  });

  it.each(["django", "produkt=django", "product=", "product=a=b", ""])(
    "a label that cannot be read (%j) is told once and counts as none",
    async (label) => {
      const told: string[] = [];
      const rules = await loadRules(await rulesFolder({ "a.yml": sigma("s1", ROOT) }), {
        onLabelFault: (container, fault) => told.push(`${container.name}: ${fault}`),
      });
      const container = containerFrom({ name: "shop", labels: { "log-sidecar.logsource": label } });
      for (let times = 0; times < 3; times++) {
        expect(rules.classify(understand('{"user":"root"}', container)).targets).toHaveLength(1);
      }
      expect(told).toEqual([expect.stringMatching(/^shop: .*product=django,service=api/)]);
    },
  );
});
