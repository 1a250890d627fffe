import { expect, it } from "vitest";
import { namedContainer } from "../../src/core/container.js";
import { badLabel } from "../../src/telemetry/sidecar-events.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";

it("tells of a container's bad label once, however often it is read", () => {
  const telemetry = silentTelemetry();
  const report = badLabel(telemetry, "multiline");
  const web = namedContainer("1", "web");
  for (const container of [web, web, namedContainer("2", "api"), web]) report(container, "no pattern");
  expect(telemetry.counters.get("label_errors_total")).toBe(2);
});
