import { Writable } from "node:stream";
import { expect, it } from "vitest";
import { DockerEvents } from "../../../src/telemetry/docker-events.js";
import { createTelemetry } from "../../../src/telemetry/telemetry.js";
import { collect, startEngine } from "./collecting.js";

it.each([
  ["project", 1],
  ["labelled", 0],
] as const)("outside of compose, scope %s is warned of %i times", async (scope, times) => {
  let said = "";
  const destination = new Writable({
    write(chunk, _encoding, done) {
      said += String(chunk);
      done();
    },
  });
  const engine = await startEngine();
  const events = new DockerEvents(createTelemetry({ level: "info", destination }));
  collect(engine.socket, { scope, events });
  await expect.poll(() => said).toContain("connected to the Docker Engine");
  await expect.poll(() => engine.asked.join("\n")).toContain("/containers/json");
  expect(said.split("runs in no compose project").length - 1).toBe(times);
});
