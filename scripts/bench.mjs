/**
 * `npm run bench`: what the sidecar costs beside others that do the same, as ratios measured in turns; docs/PERFORMANCE.md tells how to read it.
 * `npm run bench -- --quick` with fewer lines, `npm run bench -- rules store` only these scenarios. On a fresh clone too.
 */
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
  ].map(([name, program]) => ({ names: [name], there: () => findProgram(program) !== undefined })),
];

checkNode();
const args = process.argv.slice(2);
try {
  await installPackages();
  await installSystemPackages(PACKAGES, "the benchmarks");
  await build();
  // Only now, as it uses packages that may just have been installed.
  const { bench } = await import("../bench/main.mjs");
  await bench({ names: args.filter((arg) => !arg.startsWith("-")), quick: args.includes("--quick"), say });
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
