import { Writable } from "node:stream";
import { expect, it } from "vitest";
import { targetMissed, targetReached } from "../../src/telemetry/retention-events.js";
import { createTelemetry } from "../../src/telemetry/telemetry.js";

it("tells what keeps the disk full once, and again when it is something else", () => {
  const told: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      told.push((JSON.parse(String(chunk)) as { msg: string }).msg);
      done();
    },
  });
  const telemetry = createTelemetry({ level: "info", destination });
  const say = (...obstacles: string[]) => targetMissed(telemetry, 5, obstacles);
  say("3.0 GB outside the log folder fill this disk", "open segments hold 214.8 MB (raw)");
  say("3.1 GB outside the log folder fill this disk", "open segments hold 90 B (raw)");
  expect(told).toHaveLength(1);
  say("3.1 GB outside the log folder fill this disk", "open segments hold 90 B (raw, tagged)");
  expect(told).toHaveLength(2);
  targetReached(telemetry);
  say("3.1 GB outside the log folder fill this disk", "open segments hold 90 B (raw, tagged)");
  expect(told).toHaveLength(3);
  expect(told[0]).toContain("could not free enough: 3.0 GB outside");
});
