import { describe, expect, it } from "vitest";
import type { CheckpointBody } from "../../src/store/checkpoint.js";
import type { Intent } from "../../src/store/journal.js";
import { planRecovery } from "../../src/store/recovery.js";
import { rawSpec, samplesSpec } from "./stores.js";

const RAW = "raw/web/log_2999-01-01.jsonl";
const STAGED = ".sidecar/staged/d_2999-01-01_2.npz.1";
const FINAL = "training/d/d_2999-01-01_2.npz";
const MANIFEST = "training/d/d_2999-01-01_2.json";

function body(closed = false): CheckpointBody {
  return {
    serial: 5,
    at: "",
    segments: [{ path: RAW, part: 0, length: 10, closed, spec: rawSpec("web") }],
    staged: [
      { path: STAGED, part: 2, length: 20, closed: false, spec: samplesSpec(), entries: 3, firstMs: 0 },
    ],
    retired: [],
    parts: {},
  };
}

function plan(sizes: Record<string, number>, intents: Intent[] = [], closed = false) {
  const { cut, remove, lost, segments, staged } = planRecovery(
    body(closed),
    intents,
    new Map(Object.entries(sizes)),
  );
  return {
    cut,
    remove,
    lost: lost.map(({ path }) => path),
    goOn: [...segments, ...staged].map(({ path }) => path),
  };
}

describe("planRecovery", () => {
  it("goes on with files that are as long as committed, and makes the finished one again", () => {
    expect(plan({ [RAW]: 10, [STAGED]: 20 })).toEqual({
      cut: [],
      remove: [FINAL, MANIFEST],
      lost: [],
      goOn: [RAW, STAGED],
    });
  });

  it("cuts off what is not committed", () => {
    const { cut } = plan({ [RAW]: 15, [STAGED]: 21 });
    expect(cut).toEqual([
      { path: RAW, length: 10, surplus: 5 },
      { path: STAGED, length: 20, surplus: 1 },
    ]);
  });

  it("leaves files alone that somebody cut or removed, and does not remove what was finished of them", () => {
    expect(plan({ [RAW]: 9 })).toEqual({ cut: [], remove: [], lost: [RAW, STAGED], goOn: [] });
  });

  it("cuts a closed segment, and does not go on with it", () => {
    const { cut, goOn } = plan({ [RAW]: 15, [STAGED]: 20 }, [], true);
    expect(cut).toHaveLength(1);
    expect(goOn).toEqual([STAGED]);
  });

  it.each<[string, Intent[], string[]]>([
    ["made after the commit", [{ path: "raw/x", first: 6 }], ["raw/x"]],
    [
      "made after it, with its finished file and manifest",
      [{ path: "s", finalPath: "t/d_1.pkl", first: 6 }],
      ["s", "t/d_1.pkl", "t/d_1.json"],
    ],
    ["known to the commit and sealed since", [{ path: "raw/x", first: 5 }], []],
    [
      "somebody else's after all",
      [
        { path: "raw/x", first: 6 },
        { path: "raw/x", first: 0 },
      ],
      [],
    ],
    ["named by the commit", [{ path: RAW, first: 6 }], []],
  ])("knows by the journal which files were %s", (_, intents, expected) => {
    expect(plan({ [RAW]: 10, [STAGED]: 20 }, intents).remove).toEqual([FINAL, MANIFEST, ...expected]);
  });
});
