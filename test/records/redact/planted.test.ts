import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NEEDLES, plantedLines } from "./planted.js";

const main = fileURLToPath(new URL("../../../dist/main.js", import.meta.url));
/** TEST_LINES=100000 for a longer run. */
const COUNT = Number(process.env["TEST_LINES"] ?? 15_000);

/** All lines go to raw, and one in ten everywhere with all its texts: so many show the same and cost a tenth. */
const RULES = `rules:
  - id: everywhere
    match: { text|re: 'n(=|":)[0-9]*7([^0-9]|$)' }
    to:
      raw: {}
      summary: { table: all, columns: [message, text, note, body, x, dup, list, card] }
      training: { dataset: dicts, format: pkl, features: [n], fields: [message, text, note, x, list] }
      tagged: { tags: [all], severity: low, retention: 90d }
    continue: true
  - id: arrays
    match: { text|re: 'n(=|":)[0-9]*7([^0-9]|$)', n|exists: true }
    to: { training: { dataset: arrays, features: [n], fields: [message, text, note, body, x] } }
`;

interface Volume {
  readonly folder: string;
  /** What the sidecar itself said. */
  readonly said: string;
  readonly kinds: readonly string[];
}

const scratch = mkdtempSync(join(tmpdir(), "planted-"));
const { text, clean } = plantedLines(COUNT);
let on: Volume;
let off: Volume;

async function collect(redact: "on" | "off"): Promise<Volume> {
  const folder = join(scratch, redact);
  const said = await run(redact, folder, text);
  const kinds = Object.keys(statusOf(folder).counters.secrets_redacted_total ?? {});
  // A stop has only so much time to finish training files; the next start goes on with them.
  while (statusOf(folder).store.stagedFiles > 0) await run(redact, folder, "");
  return { folder, said, kinds };
}

/** A sidecar from its start to the end of the pipe; what it said. */
async function run(redact: "on" | "off", folder: string, input: string): Promise<string> {
  const settings = ["--log-dir", folder, "--rules-dir", join(scratch, "rules"), "--redact", redact];
  const program = spawn(process.execPath, [
    main,
    "run",
    "--source",
    "stdin",
    ...settings,
    "--log-level",
    "debug",
  ]);
  let said = "";
  program.stderr.on("data", (part: Buffer) => {
    said += part.toString();
  });
  program.stdin.end(input);
  const status = await new Promise((resolve) => program.on("close", resolve));
  expect([status, said]).toEqual([0, said]);
  return said;
}

interface Status {
  readonly store: { readonly stagedFiles: number };
  readonly counters: { readonly secrets_redacted_total?: Readonly<Record<string, number>> };
}

function statusOf(folder: string): Status {
  return JSON.parse(readFileSync(join(folder, ".sidecar/status.json"), "utf8"));
}

beforeAll(async () => {
  mkdirSync(join(scratch, "rules"));
  writeFileSync(join(scratch, "rules/all.yaml"), RULES);
  [on, off] = await Promise.all([collect("on"), collect("off")]);
}, 120_000);
afterAll(() => rmSync(scratch, { recursive: true }));

/** Every file of the volume, and each array inside the npz files, as bytes. */
function* allBytes(folder: string): Generator<[name: string, bytes: Buffer]> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    yield [path, bytes];
    if (!path.endsWith(".npz")) continue;
    for (const [name, array] of Object.entries(unzipSync(bytes))) {
      // Texts are UTF-32 there.
      yield [`${path}/${name}`, Buffer.from(Buffer.from(array).filter((byte) => byte !== 0))];
    }
  }
}

function found(folder: string): string[] {
  return [...allBytes(folder)].flatMap(([path, bytes]) =>
    NEEDLES.filter((needle) => bytes.includes(needle)).map((needle) => `${needle} in ${path}`),
  );
}

const JOINED = /\bn=\d.*\\nn=\d/;

/** Lines of raw and tagged by the number in them, without their time. */
function recordsOf(folder: string, category: string): Map<number, string> {
  const records = new Map<number, string>();
  for (const [path, bytes] of allBytes(join(folder, category))) {
    if (!path.endsWith(".jsonl")) continue;
    for (const line of bytes.toString().split("\n")) {
      const n = /\bn(?:=|":)(\d+)/.exec(line)?.[1];
      // Most lines here begin with a head, so one without may belong to the line before, and its secret with it.
      if (JOINED.test(line)) continue;
      if (n !== undefined && clean.has(Number(n))) records.set(Number(n), line.slice(line.indexOf('","')));
    }
  }
  return records;
}

describe(`${COUNT} lines, secrets in one of eight`, () => {
  it("leave no secret in any file, nor in what the sidecar says", () => {
    expect(found(on.folder)).toEqual([]);
    expect(NEEDLES.filter((needle) => on.said.includes(needle))).toEqual([]);
  });

  it("reach raw, summary, both kinds of training and tagged with all secrets where nothing is redacted", () => {
    const places = found(off.folder).join("\n");
    for (const file of [/raw\/.*jsonl/, /summary\/.*csv/, /\.npz\/message/, /\.pkl/, /tagged\/.*jsonl/]) {
      expect(places).toMatch(file);
    }
    for (const needle of NEEDLES) expect(places).toContain(`${needle} in`);
    expect(off.said).toContain("SIDECAR_REDACT=off");
  });

  it("are the same to the byte where they hold none", () => {
    for (const [category, least] of [
      ["raw", clean.size * 0.98],
      ["tagged", clean.size / 12],
    ] as const) {
      const [redacted, kept] = [recordsOf(on.folder, category), recordsOf(off.folder, category)];
      expect(redacted.size).toBeGreaterThanOrEqual(least);
      expect([...redacted].filter(([n, line]) => kept.get(n) !== line)).toEqual([]);
    }
  });

  it("are counted by kind", () => {
    expect([...on.kinds].sort()).toEqual(
      ["bearer", "card", "jwt", "name", "private-key", "service-key", "url"].sort(),
    );
  });
});
