/**
 * `npm run bench`: what the sidecar costs beside others that do the same, as ratios measured in turns; docs/PERFORMANCE.md tells how to read it.
 * `npm run bench -- --quick` with fewer lines, `npm run bench -- rules store` only these scenarios. On a fresh clone too.
 * `--engine 26` measures those that need an engine with that one of Debian's present stable release.
 */
import { otherEngine } from "./other-engine.mjs";
import { build, checkNode, installPackages, installSystemPackages, say } from "./prepare.mjs";
import { findProgram } from "./programs.mjs";

/** Debian packages that scenarios need. */
const PACKAGES = [
  {
    names: ["docker.io"],
    there: () => process.env.DOCKER_HOST !== undefined || findProgram("dockerd") !== undefined,
  },
  ...[
    ["syslog-ng-core", "syslog-ng"],
    ["busybox-static", "busybox"],
    ["curl", "curl"],
    ["time", "time"],
    ["nats-server", "nats-server"],
  ].map(([name, program]) => ({ names: [name], there: () => findProgram(program) !== undefined })),
];

checkNode();
try {
  await installPackages();
  await installSystemPackages(PACKAGES, "the benchmarks");
  const engine = otherEngine(process.argv.slice(2));
  if (engine === undefined) throw new Error("nothing was measured");
  Object.assign(process.env, engine.env);
  const { rest: args } = engine;
  await build();
  // Only now, as it uses packages that may just have been installed.
  const { bench } = await import("../bench/main.mjs");
  await bench({ names: args.filter((arg) => !arg.startsWith("-")), quick: args.includes("--quick"), say });
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
