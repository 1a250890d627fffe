import { defineConfig } from "vitest/config";

/** They put something else in the place of a module, which other files must not see. */
const MOCKING = [
  "test/retention/full-disk.test.ts",
  "test/retention/other-disk.test.ts",
  "test/sources/docker/resume.test.ts",
];

const SETUP = ["test/scratch.ts", "test/build.ts"];

const TORTURE = ["test/torture/torture.test.ts", "test/torture/hosts.torture.test.ts"];

const IMAGE = "test/engine/image.test.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/engine/**", "test/browser/**", ...TORTURE, ...MOCKING],
          testTimeout: 30_000,
          // Modules are loaded once for many files: that is half of their computing.
          isolate: false,
          // The engine tests run beside them.
          maxWorkers: 2,
          setupFiles: "test/property-seed.ts",
          globalSetup: SETUP,
        },
      },
      {
        test: {
          name: "mocking",
          include: MOCKING,
          testTimeout: 30_000,
          maxWorkers: 2,
          setupFiles: "test/property-seed.ts",
          globalSetup: SETUP,
        },
      },
      {
        // One engine serves all of these files: run them one after another so that their loads do not mix.
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          exclude: [IMAGE],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          globalSetup: [...SETUP, "test/engine/global-setup.ts"],
        },
      },
      {
        // Its containers are a compose project of their own: it runs beside the others, on the same
        // engine or on another one (of which one process of vitest can only have one).
        test: {
          name: "image",
          include: [IMAGE],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          globalSetup: [...SETUP, "test/engine/global-setup.ts"],
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          globalSetup: SETUP,
        },
      },
      {
        // Each brings an engine of its own, which one of them kills.
        test: {
          name: "torture",
          include: TORTURE,
          fileParallelism: false,
          globalSetup: SETUP,
        },
      },
    ],
  },
});
