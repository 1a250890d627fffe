/** `--engine 26`: another engine than this machine's own, for the tests against one and for the benchmarks. */
import { debianRelease } from "../test/engine/release/debian-release.mjs";
import { OTHER_ENGINES } from "../test/engine/release/engine-program.mjs";
import { say } from "./prepare.mjs";

/**
 * Takes `--engine NAME` out of the arguments and gets that engine's programs ready; says which, or why they can't be had.
 * @param {string[]} args
 * @returns {{ rest: string[], env: Record<string, string> } | undefined} undefined where it can't be had
 */
export function otherEngine(args) {
  const { name, rest } = split(args);
  if (name === undefined) return { rest, env: {} };
  if (!OTHER_ENGINES.includes(name)) {
    say(`--engine ${name}: there are ${OTHER_ENGINES.join(" and ")}; without it, this machine's own engine`);
    return undefined;
  }
  say(`engine ${name}: looking for Debian's present stable release, which is kept for later runs`);
  const { folder, reason } = debianRelease();
  if (folder === undefined) {
    say(`left out, they need engine ${name}: ${reason}`);
    return undefined;
  }
  say(`engine ${name}: from ${folder}`);
  return { rest, env: { TEST_ENGINE: name } };
}

function split(args) {
  const at = args.findIndex((arg) => arg === "--engine" || arg.startsWith("--engine="));
  if (at === -1) return { name: undefined, rest: args };
  const joined = args[at].split("=")[1];
  return { name: joined ?? args[at + 1] ?? "", rest: args.toSpliced(at, joined === undefined ? 2 : 1) };
}
