import { expect, it } from "vitest";
import { createBench, decision, record } from "./samples.js";

it("gives a service and a labelled component their folders whatever names apps made up before", () => {
  const { writers } = createBench({ limit: 1 });
  const write = (component: string, container: object) => {
    const sample = record({ component });
    writers.write(
      { ...sample, container: { ...sample.container, ...container } },
      decision({ category: "raw" }),
    );
  };
  const other = { composeService: "other", componentLabel: undefined };
  for (const component of ["junk1", "junk2", "api"]) write(component, other);
  write("api", { composeService: "api" });
  write("desk", { componentLabel: "desk" });
  write("junk3", other);
  expect(writers.folders()).toEqual(["raw/junk1", "raw/_other", "raw/api", "raw/desk"]);
});
