import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { LearnedForm } from "../../src/core/line.js";
import { readLearnedForms } from "../../src/pipeline/learned-forms.js";
import { createJoiner } from "../../src/records/joiner.js";
import { startPosition } from "../../src/sources/position.js";
import { encodeCheckpoint } from "../../src/store/checkpoint.js";
import { CHECKPOINT } from "../../src/store/places.js";
import { sampleContainer } from "../records/samples.js";

const logDir = mkdtempSync(join(tmpdir(), "learned-forms-"));

afterEach(() => rmSync(logDir, { recursive: true, force: true }));

function commit(forms: readonly [LearnedForm | null, LearnedForm | null]): void {
  const head = { serial: 1, at: "", segments: [], staged: [], retired: [] };
  const positions = {
    abc: { name: "shop", position: { ...startPosition(""), forms }, ended: false },
    new: { name: "cart", position: startPosition(""), ended: false },
  };
  const path = join(logDir, CHECKPOINT);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, encodeCheckpoint(head, new Map([["positions", JSON.stringify(positions)]])));
}

it("lines that are held behind a rotation are joined as they were when they came", async () => {
  const line = (second: number) => `2026-11-29 09:00:0${second} INFO paid`;
  const live = createJoiner(sampleContainer());
  for (const text of [1, 2, 3, 4].map(line)) live.relate(text);
  commit([live.learned ?? null, null]);
  const held = [line(5), "of two lines", line(6)];
  const again = createJoiner(sampleContainer());
  const forms = await readLearnedForms(logDir);
  expect([...forms.keys()]).toEqual(["abc"]);
  again.learned = forms.get("abc")?.[0] ?? undefined;
  expect(held.map((text) => again.relate(text))).toEqual(held.map((text) => live.relate(text)));
  const afresh = createJoiner(sampleContainer());
  expect(held.map((text) => afresh.relate(text))).not.toEqual(held.map((text) => live.relate(text)));
});

it("nothing is known without a checkpoint", async () => {
  expect((await readLearnedForms(logDir)).size).toBe(0);
});
