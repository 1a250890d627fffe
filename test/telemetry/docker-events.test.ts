import { Writable } from "node:stream";
import { expect, it } from "vitest";
import type { Container } from "../../src/core/container.js";
import { SidecarError } from "../../src/core/errors.js";
import { DockerEvents } from "../../src/telemetry/docker-events.js";
import { createTelemetry } from "../../src/telemetry/telemetry.js";

function recorded(): { events: DockerEvents; said: string[] } {
  const said: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      said.push((JSON.parse(String(chunk)) as { msg: string }).msg);
      done();
    },
  });
  return { events: new DockerEvents(createTelemetry({ level: "info", destination })), said };
}

it("names a container that cannot be read with one code and one remedy", () => {
  const { events, said } = recorded();
  const cause = new SidecarError("ENGINE_ANSWER", "the engine answered 501: no reading");
  events.unreadable({ name: "api" } as Container, "none", cause);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain("container api cannot be collected: log driver none: the engine answered 501");
  expect(said[0]?.match(/\[[A-Z_]+\]/g)).toEqual(["[LOG_DRIVER_UNREADABLE]"]);
});

it("names the engine whose times are not what they must be", () => {
  const { events, said } = recorded();
  events.engineFound("unix:///s", "Podman Engine", "5.4.2", "all");
  const cause = new SidecarError("ENGINE_TIMES", 'a message begins with "2026"');
  events.unreadable({ name: "api" } as Container, "k8s-file", cause);
  expect(said[0]).toBe("connected to the Podman Engine");
  expect(said[1]).toContain("api cannot be collected: Podman Engine 5.4.2 does not give their times in");
  expect(said[1]?.match(/\[[A-Z_]+\]/g)).toEqual(["[ENGINE_TIMES]"]);
});

it("tells an engine that stays away once, and again when it was back in between", () => {
  const { events, said } = recorded();
  const error = new SidecarError("ENGINE_ABSENT", "no engine");
  for (let times = 0; times < 3; times += 1) events.engineLost(error, 100);
  expect(said).toHaveLength(1);
  events.engineFound("unix:///s", "Docker Engine", "20.10", "all");
  events.engineLost(error, 100);
  expect(said.filter((text) => text.startsWith("no engine"))).toHaveLength(2);
});
