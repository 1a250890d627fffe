/**
 * Gives up root as the program in the image does and prints, as JSON, what came of it.
 * Arguments: the module to test, the request as JSON, and a file to write to afterwards.
 */
import { writeFileSync } from "node:fs";

const [modulePath, request, target] = process.argv.slice(2);
const { dropPrivileges } = await import(modulePath);

function attempt(action) {
  try {
    action();
    return "done";
  } catch (error) {
    return error.code;
  }
}

const answer = attempt(() => {
  const result = dropPrivileges(JSON.parse(request));
  const root = [attempt(() => process.setuid(0)), attempt(() => process.setgid(0))];
  const written = attempt(() => writeFileSync(target, "written"));
  const now = { uid: process.getuid(), gid: process.getgid(), groups: process.getgroups() };
  process.stdout.write(JSON.stringify({ result, root, written, now }));
});
if (answer !== "done") process.stdout.write(JSON.stringify({ refused: answer }));
