/** `npm run torture`: gets everything ready, and hands on to test/torture/main.mjs, which says what its flags mean. */
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
  process.exitCode = await run(process.execPath, [`${root}test/torture/main.mjs`, ...process.argv.slice(2)]);
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
