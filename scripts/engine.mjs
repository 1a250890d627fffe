/**
 * `npm run engine`: the tests against a Docker Engine, and the torture run.
 *
 *   npm run engine -- --engine 26 test/engine/rotation.test.ts
 *
 * `--engine`: `26` or `podman`, those of Debian's present stable release, in place of this machine's own (test/engine/release/).
 * All else is for vitest.
 */
import { otherEngine } from "./other-engine.mjs";
import { bin, run } from "./prepare.mjs";

const engine = otherEngine(process.argv.slice(2));
process.exitCode =
  engine === undefined
    ? 1
    : await run(
        bin("vitest"),
        ["run", "--project", "engine", "--project", "torture", ...engine.rest],
        engine.env,
      );
