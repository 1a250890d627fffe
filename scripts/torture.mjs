/** `npm run torture`: gets everything ready, and hands on to test/torture/main.mjs, or with `--hosts` to test/torture/hosts/main.mjs, which say what their flags mean. */
import { build, checkNode, installPackages, installSystemPackages, root, run, say } from "./prepare.mjs";

checkNode();
if (process.getuid?.() !== 0) {
  say("the torture run starts and kills a Docker Engine of its own: only root can do that");
  process.exit(1);
}
try {
  await installPackages();
  await installSystemPackages();
  await build("--tests");
  const flags = process.argv.slice(2);
  const program = flags.includes("--hosts") ? "hosts/main.mjs" : "main.mjs";
  process.exitCode = await run(process.execPath, [`${root}test/torture/${program}`, ...flags]);
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
