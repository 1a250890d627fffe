/**
 * `npm run engine`: the tests against a Docker Engine, and the torture run.
 *
 *   npm run engine -- --engine 26 test/engine/rotation.test.ts
 *
 * `--engine`: `26` or `podman`, those of Debian's present stable release, in place of this machine's own (test/engine/release/).
 * All else is for vitest.
 */
import { debianRelease } from "../test/engine/release/debian-release.mjs";
import { OTHER_ENGINES } from "../test/engine/release/engine-program.mjs";
import { bin, run, say } from "./prepare.mjs";

const { name, rest } = split(process.argv.slice(2));
process.exitCode = await main();

async function main() {
  const env = {};
  if (name !== undefined) {
    if (!OTHER_ENGINES.includes(name)) {
      say(
        `--engine ${name}: there are ${OTHER_ENGINES.join(" and ")}; without it, this machine's own engine`,
      );
      return 1;
    }
    say(`engine ${name}: looking for Debian's present stable release, which is kept for later runs`);
    const { folder, reason } = debianRelease();
    if (folder === undefined) {
      say(`left out, they need engine ${name}: ${reason}`);
      return 1;
    }
    say(`engine ${name}: from ${folder}`);
    env.TEST_ENGINE = name;
  }
  return run(bin("vitest"), ["run", "--project", "engine", "--project", "torture", ...rest], env);
}

function split(args) {
  const at = args.findIndex((arg) => arg === "--engine" || arg.startsWith("--engine="));
  if (at === -1) return { name: undefined, rest: args };
  const joined = args[at].split("=")[1];
  return { name: joined ?? args[at + 1] ?? "", rest: args.toSpliced(at, joined === undefined ? 2 : 1) };
}
