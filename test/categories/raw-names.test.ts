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

it("gives a component of another host a folder of its own where that is wanted, and of this one as ever", () => {
  for (const hostFolders of [true, false]) {
    const { writers } = createBench({ hostFolders });
    for (const host of ["web-1", "web-2", undefined, "web-1"]) {
      const sample = record({ component: "api" });
      writers.write({ ...sample, container: { ...sample.container, host } }, decision({ category: "raw" }));
    }
    expect(writers.folders()).toEqual(
      hostFolders ? ["raw/api@web-1", "raw/api@web-2", "raw/api"] : ["raw/api"],
    );
  }
});
