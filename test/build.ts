import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Tests that start real programs start them from dist/: builds it when a source file is newer. */
export function setup(): void {
  const faulty = join(root, ".cache/faulty-sidecar.js");
  const builtMs = existsSync(faulty) ? Math.min(newestMs(join(root, "dist")), statSync(faulty).mtimeMs) : 0;
  if (newestMs(join(root, "src")) < builtMs) return;
  const build = spawnSync(process.execPath, ["scripts/build.mjs", "--tests"], {
    cwd: root,
    encoding: "utf8",
  });
  // The program is made in spite of type errors; those are for `npm run types` to refuse.
  if (build.status !== 0)
    process.stderr.write(`dist/ was built with errors:\n${build.stdout}${build.stderr}\n`);
}

function newestMs(folder: string): number {
  if (!existsSync(folder)) return 0;
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" });
  const files = entries.filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name));
  return Math.max(0, ...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs));
}
