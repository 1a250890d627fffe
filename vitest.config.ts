import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/engine/**"],
          testTimeout: 30_000,
          // Many of these wait for programs and timers more than they compute: more files side by side than cores.
          maxWorkers: 3,
          globalSetup: "test/build.ts",
        },
      },
      {
        // One engine serves all of these files: run them one after another so that their loads do not mix.
        test: {
          name: "engine",
          include: ["test/engine/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          globalSetup: ["test/build.ts", "test/engine/global-setup.ts"],
        },
      },
    ],
  },
});
