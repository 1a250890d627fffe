/**
 * `npm run build`: dist/ with the program in two forms.
 * - One file for each of the sources, as TypeScript makes them: benchmarks and some tests take single parts of them.
 * - `main.js` with its `chunk-*.js`, `read-ahead.cjs` (a thread of it) and the health check (`healthcheck.sh`, `healthcheck.cjs`), which are all that the image holds: the program with its packages in few files.
 *   A start reads these in two thirds of the time that some 700 files of node_modules take (docs/PERFORMANCE.md).
 *
 * And `web/`: the page.
 *
 * With `--tests` also .cache/faulty-sidecar.js: the program that kills itself where a test says.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle, bundleOne, bundlePage } from "./bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

process.exitCode = await main();

async function main() {
  for (const folder of [dist, join(root, ".cache")]) {
    for (const name of chunksIn(folder)) rmSync(join(folder, name));
  }
  mkdirSync(dist, { recursive: true });
  const lane = buildWasm("lane.wasm", "src/lane/assembly", "--initialMemory", "224");
  const finder = buildWasm("finder.wasm", "src/search/finder/assembly", "--initialMemory", "3");
  const unwrap = buildWasm(
    "unwrap.wasm",
    "src/sources/docker/files/unwrap/assembly",
    "--initialMemory",
    "15",
  );
  const compiled = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", "tsconfig.build.json"], {
    cwd: root,
    stdio: "inherit",
  });
  // The compiler writes its files in spite of wrong types, and says so; the program is made of them all the same.
  await bundle({ entry: join(root, "src/main.ts"), folder: dist, root });
  await bundleOne({ entry: join(root, "src/healthcheck.ts"), file: join(dist, "healthcheck.cjs"), root });
  copyFileSync(join(root, "src/entry/healthcheck.sh"), join(dist, "healthcheck.sh"));
  await bundleOne({
    entry: join(root, "src/sources/docker/ahead/thread.ts"),
    file: join(dist, "read-ahead.cjs"),
    root,
  });
  await bundlePage({ source: join(root, "web"), folder: join(dist, "web"), root });
  if (process.argv.includes("--tests")) {
    await bundle({
      entry: join(root, "test/fixtures/faulty-sidecar.ts"),
      folder: join(root, ".cache"),
      root,
    });
  }
  return (compiled.status ?? 1) || lane || finder || unwrap;
}

/** A module of AssemblyScript; only when its sources are newer, for it takes some seconds. */
function buildWasm(name, sourceFolder, ...flags) {
  const folder = join(root, sourceFolder);
  const file = join(dist, name);
  const sources = readdirSync(folder).filter((entry) => entry.endsWith(".ts"));
  const builtMs = existsSync(file) ? statSync(file).mtimeMs : 0;
  if (sources.every((entry) => statSync(join(folder, entry)).mtimeMs < builtMs)) return 0;
  const usual = ["-O3", "--runtime", "stub", "--enable", "simd", "--noAssert"];
  const compiler = join(root, "node_modules/assemblyscript/bin/asc.js");
  const args = [compiler, join(folder, "index.ts"), ...usual, ...flags, "-o", file];
  return spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status ?? 1;
}

function chunksIn(folder) {
  try {
    return readdirSync(folder).filter((name) => /^chunk-.*\.js$/.test(name));
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
