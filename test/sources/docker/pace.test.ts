import { expect, it } from "vitest";
import { isNew } from "../../../src/sources/docker/new-container.js";
import { Pace } from "../../../src/sources/docker/pace.js";
import { readInspect } from "../../../src/sources/docker/watched-container.js";

const ago = (ms: number) => new Date(Date.now() - ms).toISOString().replace("Z", "000000Z");

/** A snapshot of 1,000 messages whose last one is an hour old. */
function snapshot(pace: Pace, tookMs: number): boolean {
  const seenTs = ago(3_600_000);
  return pace.caughtUp({ taken: 1_000, fromTs: ago(3_601_000), toTs: seenTs, seenTs, tookMs });
}

it("reads snapshots as long as each is much shorter than the one before, and follows when none brings it closer", () => {
  const pace = new Pace();
  expect([60_000, 30_000, 15_000, 14_000].map((tookMs) => snapshot(pace, tookMs))).toEqual([
    false,
    false,
    false,
    true,
  ]);
  pace.followed({ forMs: 60_000, doubted: true, idle: false, end: "fell-behind", messagesPerMs: 20 });
  expect([14_000, 2_000, 900].map((tookMs) => snapshot(pace, tookMs))).toEqual([false, false, true]);
});

it.each([
  ["made just now", { made: 0, started: 0, ended: undefined }, true],
  [
    "made long ago, and started for the first time just now",
    { made: 600_000, started: 0, ended: undefined },
    true,
  ],
  ["made long ago, and started again just now", { made: 600_000, started: 0, ended: 60_000 }, false],
  ["started long ago", { made: 600_000, started: 500_000, ended: undefined }, false],
])("a container that was %s: its log began just now is %s", (_, { made, started, ended }, isSo) => {
  const answer = {
    Id: "a".repeat(64),
    Name: "/app",
    Created: ago(made),
    Config: { Image: "app" },
    State: {
      Running: true,
      StartedAt: ago(started),
      FinishedAt: ended === undefined ? "0001-01-01T00:00:00Z" : ago(ended),
    },
    HostConfig: { LogConfig: { Type: "json-file", Config: {} } },
  };
  const watched = readInspect(answer as Parameters<typeof readInspect>[0], () => undefined);
  expect(isNew(watched)).toBe(isSo);
});
