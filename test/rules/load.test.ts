import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { SidecarError } from "../../src/core/errors.js";
import { loadRules } from "../../src/rules/load.js";
import { RulesInvalid } from "../../src/rules/problems.js";
import { recordOf, rulesFolder } from "./records.js";

/** `file:line:column message` of everything that is wrong with these files. */
async function problemsOf(files: Record<string, string>): Promise<string[]> {
  const dir = await rulesFolder(files);
  const error = await loadRules(dir).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error === undefined) return [];
  expect(error).toBeInstanceOf(RulesInvalid);
  return (error as RulesInvalid).problems.map(
    ({ file, line, column, message }) => `${relative(dir, file)}:${line}:${column} ${message}`,
  );
}

const GOOD = "rules:\n  - {id: good, match: {a: 1}, to: {raw: {}}}\n";

function ruleWith(text: string): string {
  return `rules:\n  - id: r\n    match: {a: 1}\n    ${text}\n`;
}

const SIGMA = `title: Odd Login
id: 7d9f
logsource: {product: django}
detection:
  s: {user: root}
  condition: s
`;

it("loads a folder and classifies with it", async () => {
  const rules = await loadRules(await rulesFolder({ "a.yaml": GOOD }));
  expect(rules.classify(recordOf({ a: 1 }))).toMatchObject({ rule: "good", drop: false });
  expect(rules.classify(recordOf({ a: 2 })).rule).toBeUndefined();
});

it("loads an empty folder: everything goes to raw", async () => {
  const rules = await loadRules(await rulesFolder({}));
  expect(rules.classify(recordOf({ a: 1 })).targets).toEqual([{ category: "raw" }]);
});

it("tells all errors of all files at once, in order, in the message too", async () => {
  const dir = await rulesFolder({
    "b.yaml": ruleWith("to: {raww: {}, tagged: {severity: hihg}}"),
    "a.yaml": "rules:\n  - id: 5\n    match: {a|contans: 1}\n    to: {raw: {}}\n",
  });
  const error = await loadRules(dir).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(SidecarError);
  const { code, exit, problems, message } = error as RulesInvalid;
  expect({ code, exit }).toEqual({ code: "RULES_INVALID", exit: 78 });
  expect(problems.map(({ file, line }) => [relative(dir, file), line])).toEqual([
    ["a.yaml", 2],
    ["a.yaml", 3],
    ["b.yaml", 4],
    ["b.yaml", 4],
  ]);
  for (const problem of problems) expect(message).toContain(problem.message);
  expect(message).toContain(`${dir}/b.yaml:4:10  unknown key \`raww\`; did you mean \`raw\`?`);
});

describe("a native file with", () => {
  it.each<[string, string, RegExp]>([
    ["an unknown key", ruleWith("too: {raw: {}}"), /^a.yaml:4:5 unknown key `too`; did you mean `to`\?/],
    [
      "a key nothing like any",
      ruleWith("xyzzyx: 1"),
      /^a.yaml:4:5 unknown key `xyzzyx`; known here: id, description/,
    ],
    [
      "an unknown key in a target",
      ruleWith("to: {summary: {table: t, colums: [a]}}"),
      /4:30 unknown key `colums`; did you mean `columns`\?/,
    ],
    [
      "a number as id",
      "rules:\n  - {id: 5, match: {a: 1}, drop: true}",
      /^a.yaml:2:10 `id` is 5 where a text is meant; put it in quotes$/,
    ],
    [
      "an id with a comma",
      "rules:\n  - {id: 'a,b', match: {a: 1}, drop: true}",
      /2:10 `id` is "a,b"; an id has no spaces and no commas/,
    ],
    ["no match", "rules:\n  - {id: a, drop: true}", /^a.yaml:2:5 `match` is missing/],
    [
      "a text as match",
      "rules:\n  - {id: a, match: allways, drop: true}",
      /2:20 `match` is "allways"; it is a map .* or `always`/,
    ],
    [
      "a text where a rule is meant",
      "rules:\n  - nonsense",
      /^a.yaml:2:5 this is "nonsense" where a map is meant/,
    ],
    ["an empty match", "rules:\n  - {id: a, match: {}, drop: true}", /^a.yaml:2:20 /],
    [
      "an unknown modifier",
      "rules:\n  - id: a\n    match:\n      a|contans: 1\n    drop: true",
      /^a.yaml:4:7 .*contains/,
    ],
    ["no destination", "rules:\n  - {id: a, match: {a: 1}}", /2:5 the rule says nothing of where records go/],
    ["an empty destination", ruleWith("to: {}"), /4:9 the rule says nothing of where records go/],
    ["drop beside to", ruleWith("to: {raw: {}}\n    drop: true"), /5:5 `drop: true` writes nothing/],
    ["drop that goes on", ruleWith("drop: true\n    continue: true"), /5:5 `drop: true` ends the search/],
    [
      "a wrong severity",
      ruleWith("to: {tagged: {severity: hihg}}"),
      /4:29 `severity` is "hihg"; it can be .*; did you mean `high`\?/,
    ],
    [
      "a wrong severity to fall back on",
      ruleWith("to: {tagged: {severity: {from: a}}}"),
      /`otherwise` is missing/,
    ],
    [
      "a retention without its unit",
      ruleWith("to: {tagged: {retention: 3}}"),
      /`retention` is 3; must be `permanent` or a number of days/,
    ],
    [
      "a wrong retention",
      ruleWith("to: {tagged: {retention: 90 days}}"),
      /`retention` is "90 days"; must be `permanent` or a number of days/,
    ],
    [
      "a wrong format",
      ruleWith("to: {training: {dataset: d, features: [a], format: csv}}"),
      /`format` is "csv"; it can be npz, pkl/,
    ],
    ["no features", ruleWith("to: {training: {dataset: d, features: []}}"), /`features` is empty/],
    ["a feature twice", ruleWith("to: {training: {dataset: d, features: [a, a]}}"), /`a` is named twice/],
    [
      "a class twice",
      ruleWith("to: {training: {dataset: d, features: [a], label: l, classes: [up, up]}}"),
      /`up` is named twice/,
    ],
    [
      "classes of no label",
      ruleWith("to: {training: {dataset: d, features: [a], classes: [up, down]}}"),
      /`classes` are those of the label: say `label` too/,
    ],
    [
      "a field with a name of the sidecar's",
      ruleWith("to: {training: {dataset: d, features: [a], fields: [weight]}}"),
      /`weight` is written by the sidecar itself/,
    ],
    [
      "a column that the sidecar writes",
      ruleWith("to: {summary: {table: t, columns: [ts, a]}}"),
      /`ts` is written by the sidecar itself/,
    ],
    [
      "a column without a field",
      ruleWith("to: {summary: {table: t, columns: {a: 5}}}"),
      /4:43 `a` is 5; must be a field's name/,
    ],
    ["no columns", ruleWith("to: {summary: {table: t, columns: []}}"), /`columns` is a list; names no field/],
    [
      "a level that records never have",
      "rules:\n  - {id: a, match: {level: WARN}, drop: true}",
      /2:28 `WARN` is no level; .*did you mean `warning`\?/,
    ],
    [
      "a wrong level in a comparison",
      "rules:\n  - {id: a, match: {x: {level|gte: eror}, condition: x}, drop: true}",
      /`eror` is no level.*`error`/,
    ],
    [
      "a stream that is the app's own",
      "rules:\n  - {id: a, match: {stream: [stdout, video]}, drop: true}",
      /`stream` is stdout or stderr here, never `video`; the app's own field is `data.stream`/,
    ],
    ["a wrong default", "default: rwa", /^a.yaml:1:10 `default` is "rwa"; it can be raw, drop, or a map/],
    ["a default without a destination", "default: {drop: false}", /the rule says nothing of where/],
    [
      "a wrong test",
      "rules: []\ntests:\n  - {line: 5, tp: [raw]}",
      /3:12 `line` is 5; must be the text of a line/,
    ],
    ["a list at the top", "- id: a\n", /^a.yaml:1:1 the file is a list where a map with `rules:` is meant/],
    [
      "keys of something else",
      "services: {api: {}}\n",
      /^a.yaml:1:1 neither a rule file \(rules, default, tests\) nor a Sigma rule/,
    ],
    ["a slip in its only key", "ruls: []\n", /did you mean `rules`\?/],
    ["nothing in it", "# later\n", /^a.yaml:1:1 the file holds no rules; remove it, or write `rules: \[\]`/],
    ["broken YAML", "rules:\n  - id: 'a\n", /^a.yaml:3:1 YAML: missing closing/i],
  ])("%s is refused", async (_name, text, message) => {
    const problems = await problemsOf({ "a.yaml": text });
    expect(problems.filter((problem) => message.test(problem))).toHaveLength(1);
  });

  it("a key misspelt is told about once, not as missing too", async () => {
    const problems = await problemsOf({ "a.yaml": "rules:\n  - {id: a, macth: {a: 1}, drop: true}\n" });
    expect(problems).toEqual([
      expect.stringMatching(/^a.yaml:2:13 unknown key `macth`; did you mean `match`\?$/),
    ]);
  });

  it.each([
    ["{every: 7m}", /`every` is "7m"; a day has to be a whole .*; 6m and 8m are the nearest/],
    ["{every: 26s}", /25s and 27s are the nearest/],
    ["{every: 5h}", /4h and 6h are the nearest/],
    ["{every: 2d}", /`every` is "2d"; the length of a window is a duration from 1s to 1d, such as 1m/],
    ["{every: 500ms}", /from 1s to 1d/],
    ["{every: 60}", /`every` is 60; the length of a window is a duration/],
    ["{every: 1m, grace: 2h}", /`grace` is "2h"; it is a duration from 0s to 1h/],
    ["{every: 1m, by: {}}", /`by` is a map; names no field/],
    ["{every: 1m, aggregates: [p96]}", /`aggregates` is "p96"; it can be count, sum, .*did you mean `p95`\?/],
    ["{every: 1m, aggregates: [mean]}", /`aggregates` are made of columns; name some with `columns`/],
    ["{every: 1m, by: [count]}", /two columns of the table would be called `count`/],
    ["{every: 1m, columns: [x], by: [x_p50]}", /two columns of the table would be called `x_p50`/],
    ["{every: 1m, columns: [x], aggregates: [sum, sum]}", /would be called `x_sum`/],
    ["{columns: [x], by: [y]}", /`by` is a list; it needs `every`, the length of the windows, beside it/],
    ["{columns: [x], grace: 1s}", /`grace` is "1s"; it needs `every`/],
    ["{by: [y]}", /`columns` is missing/],
  ])("windows of summary: %s", async (keys, message) => {
    const summary = `to: {summary: {table: t, ${keys.slice(1)}}`;
    const problems = await problemsOf({ "a.yaml": ruleWith(summary) });
    expect(problems.filter((problem) => message.test(problem))).toHaveLength(1);
    expect(problems.every((problem) => problem.startsWith("a.yaml:4:"))).toBe(true);
  });

  it("many errors: each rule is told about, though the first is broken", async () => {
    const text = "rules:\n  - {id: 1, match: {a|foo: 1}}\n  - {id: b, mtch: {a: 1}, drop: true}\nextra: 1\n";
    const lines = (await problemsOf({ "a.yaml": text })).map((problem) => problem.split(":")[1]);
    expect(lines).toEqual(expect.arrayContaining(["2", "3", "4"]));
  });
});

describe("between files", () => {
  const table = (id: string, columns: string) =>
    `rules:\n  - {id: ${id}, match: {a: 1}, to: {summary: {table: t, columns: ${columns}}}}\n`;

  it("an id stands for one rule", async () => {
    const [problem] = await problemsOf({ "a.yaml": GOOD, "b.yaml": `# mine\n${GOOD}` });
    expect(problem).toMatch(/^b.yaml:3:10 the id `good` is taken already by .*a\.yaml:2$/);
  });

  it("a table has one header", async () => {
    const [problem] = await problemsOf({ "a.yaml": table("a", "[x, y]"), "b.yaml": table("b", "[x]") });
    expect(problem).toMatch(/^b.yaml:2:\d+ the table `t` has other columns in .*a\.yaml:2$/);
    const same = { "a.yaml": table("a", "{x: p, y: q}"), "b.yaml": table("b", "[x, y]") };
    expect(await problemsOf(same)).toEqual([]);
  });

  it("a table has one sort of windows", async () => {
    const windows = (id: string, rest: string) =>
      `rules:\n  - {id: ${id}, match: {a: 1}, to: {summary: {table: t, columns: [x]${rest}}}}\n`;
    const first = windows("a", ", every: 1m, by: [y]");
    for (const other of ["", ", every: 2m, by: [y]", ", every: 1m", ", every: 1m, by: [y], grace: 1s"]) {
      const [problem] = await problemsOf({ "a.yaml": first, "b.yaml": windows("b", other) });
      expect(problem).toMatch(/^b.yaml:2:\d+ the table `t` has other columns.* in .*a\.yaml:2$/);
    }
    const same = { "a.yaml": first, "b.yaml": windows("b", ", every: 60s, by: {y: z}, grace: 10s") };
    expect(await problemsOf(same)).toEqual([]);
  });

  it("a dataset has one set of arrays", async () => {
    const dataset = (id: string, rest: string) =>
      `rules:\n  - {id: ${id}, match: {a: 1}, to: {training: {dataset: d, features: [x], ${rest}}}}\n`;
    const [problem] = await problemsOf({
      "a.yaml": dataset("a", "label: y"),
      "b.yaml": dataset("b", "format: pkl"),
    });
    expect(problem).toMatch(
      /^b.yaml:2:\d+ the dataset `d` has other features, fields, label, classes, weight or format in .*a\.yaml:2/,
    );
    expect(
      await problemsOf({ "a.yaml": dataset("a", "label: y"), "b.yaml": dataset("b", "label: z") }),
    ).toEqual([]);
  });

  it("the default is said once", async () => {
    const [problem] = await problemsOf({ "a.yaml": "default: raw", "b.yaml": "rules: []\ndefault: drop" });
    expect(problem).toMatch(/^b.yaml:2:1 `default` is said already in .*a\.yaml:1/);
  });
});

describe("the mark of the rule that samples come by", () => {
  async function markOf(text: string) {
    const rules = await loadRules(await rulesFolder({ "a.yaml": text }));
    const [target] = rules.classify(recordOf({ a: 1 })).targets;
    return target?.category === "training" ? target.rule : undefined;
  }
  const rule = "rules:\n  - {id: r, match: {a: 1}, to: {training: {dataset: d, features: [a]}}}\n";

  it("is its id and a hash of what it says, however it is written", async () => {
    const mark = await markOf(rule);
    expect(mark).toEqual({ id: "r", definition: expect.stringMatching(/^[0-9a-f]{16}$/) });
    const otherwise = `# mine
rules:
  - id: "r"
    match:
      a: 1 # one
    to:
      training: { dataset: d, features: ["a"] }
`;
    expect(await markOf(otherwise)).toEqual(mark);
    for (const [what, instead] of [
      ["a: 1", "a: [1, 2]"],
      ["features: [a]", "features: [a], label: a"],
      ["match:", "description: new, match:"],
    ] as const) {
      expect((await markOf(rule.replace(what, instead)))?.definition).not.toBe(mark?.definition);
    }
  });

  it("is `default` where the default takes them", async () => {
    const text = "default: { to: { training: { dataset: d, features: [a] } } }\n";
    expect(await markOf(text)).toMatchObject({ id: "default" });
  });
});

describe("a plain Sigma file", () => {
  it("loads beside native ones", async () => {
    const rules = await loadRules(await rulesFolder({ "a.yaml": GOOD, "sigma/b.yml": SIGMA }));
    expect(rules.sigma.map(({ id, title }) => [id, title])).toEqual([["7d9f", "Odd Login"]]);
    expect(rules.leftOut).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    ["an unknown modifier", SIGMA.replace("user:", "user|starts:"), /^5:7 .*startswith/],
    ["a condition that names nothing", SIGMA.replace("condition: s", "condition: s and t"), /^6:\d+ /],
    ["no log source", SIGMA.replace("logsource: {product: django}\n", ""), /`logsource` is missing/],
    ["expand", SIGMA.replace("user:", "user|expand:"), /expand/],
    ["no condition", SIGMA.replace("  condition: s\n", ""), /condition/],
    ["no title", SIGMA.replace("title: Odd Login\n", ""), /`title` is missing/],
    ["a wrong level", `${SIGMA}level: hihg\n`, /7:8 `level` is "hihg"; .*did you mean `high`\?/],
    ["broken YAML", `${SIGMA}description: 'x\n`, /^8:1 YAML/],
    [
      "a correlation",
      "title: Many\ncorrelation: {type: event_count}\n",
      /^2:1 correlation rules .* not supported/,
    ],
    ["a filter", `${SIGMA}filter: {rules: []}\n`, /Sigma filters are not supported/],
    ["an old collection", "action: global\ntitle: A\n", /`action:` belongs? to old Sigma|old Sigma/],
  ])("with %s is told about and left out, the others load", async (_name, text, message) => {
    const dir = await rulesFolder({ "a.yaml": GOOD, "bad.yml": text, "good.yml": SIGMA });
    const rules = await loadRules(dir);
    expect(rules.sigma).toHaveLength(1);
    expect(rules.leftOut.map((problem) => `${problem.line}:${problem.column} ${problem.message}`)).toEqual(
      expect.arrayContaining([expect.stringMatching(message)]),
    );
    for (const problem of rules.leftOut) expect(problem.file).toBe(join(dir, "bad.yml"));
  });

  it("that a correlation is made of goes with it: alone it would match each event", async () => {
    const base = SIGMA.replace("id: 7d9f", "id: 7d9f\nname: odd_login");
    const many = "title: Many\nname: many\ncorrelation: {type: event_count, rules: [odd_login, 9f1b]}\n";
    const others = `${SIGMA.replace("7d9f", "9f1b")}---\n${SIGMA.replace("7d9f", "aaaa")}`;
    const idsOf = async (correlation: string) => {
      const rules = await loadRules(
        await rulesFolder({ "a.yml": `${base}---\n${others}---\n${correlation}` }),
      );
      expect(rules.leftOut.every(({ unsupported }) => unsupported)).toBe(true);
      return [rules.sigma.map(({ id }) => id), rules.leftOut.length];
    };
    expect(await idsOf(many)).toEqual([["aaaa"], 3]);
    expect(await idsOf(many.replace("}", ", generate: true}"))).toEqual([["7d9f", "9f1b", "aaaa"], 1]);
  });

  it("whose id is taken is left out", async () => {
    const rules = await loadRules(await rulesFolder({ "a.yml": SIGMA, "b.yml": SIGMA }));
    expect(rules.sigma).toHaveLength(1);
    expect(rules.leftOut[0]?.message).toMatch(/the id `7d9f` is taken already/);
  });

  it("may hold several documents, of which only the faulty one is left out", async () => {
    const other = SIGMA.replace("7d9f", "8e0a").replace("user:", "user|nope:");
    const rules = await loadRules(
      await rulesFolder({ "a.yml": `${SIGMA}---\n${other}---\n${SIGMA.replace("7d9f", "9f1b")}` }),
    );
    expect(rules.sigma.map(({ id }) => id)).toEqual(["7d9f", "9f1b"]);
    expect(rules.leftOut).toHaveLength(1);
    expect(rules.leftOut[0]?.line).toBe(12);
  });

  it("that was given a `to:` is held to the strictness of native files", async () => {
    const problems = await problemsOf({ "a.yml": `${SIGMA}to: {summry: {}}\n` });
    expect(problems).toEqual([
      expect.stringMatching(/^a.yml:7:6 unknown key `summry`; did you mean `summary`\?/),
    ]);
  });
});

it("names a file that vanished or cannot be read as a file with an error", async () => {
  const dir = await rulesFolder({ "a.yaml": GOOD, "b.yaml": "" });
  await writeFile(join(dir, "b.yaml"), Buffer.from([0xff]));
  await expect(loadRules(dir)).rejects.toThrow(/b\.yaml:1:1 {2}the file is not UTF-8 text/);
});
