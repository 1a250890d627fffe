/** Makes few files of a program and all its packages (esbuild). */
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

/** CommonJS packages ask for Node's own modules with `require`, which a module of today does not have. */
const REQUIRE =
  'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);';

/**
 * What packages would bring along for things that nothing here asks of them: dockerode gRPC and protobuf for the builds of images and
 * ssh2 for engines behind SSH (a seventh of a start), the sketches protobuf for sending them over a network.
 */
const UNUSED = [
  { importer: /[\\/]dockerode[\\/]lib[\\/]/, path: /^\.\/(?:session|buildkit)$/ },
  { importer: /[\\/]docker-modem[\\/]lib[\\/]/, path: /^\.\/ssh$/ },
  { importer: /[\\/]sketches-js[\\/]dist[\\/]/, path: /\/proto\/compiled$/ },
];

const withoutUnused = {
  name: "without-unused",
  setup(build) {
    for (const unused of UNUSED) {
      build.onResolve({ filter: unused.path }, ({ path, importer }) =>
        unused.importer.test(importer) ? { path, namespace: "unused" } : undefined,
      );
    }
    build.onLoad({ filter: /.*/, namespace: "unused" }, ({ path }) => ({
      contents: `module.exports = () => { throw new Error("left out of this program: ${path}"); };`,
    }));
  },
};

/**
 * Writes `folder/<name of the entry>.js`, and `chunk-*.js` beside it for what is loaded later: all in one folder, so that
 * a path beside a module is the same as in the sources' top folder. `licenses.txt` holds the licenses of all packages in them.
 */
export async function bundle({ entry, folder, root }) {
  const { metafile } = await build({
    entryPoints: [entry],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    chunkNames: "chunk-[hash]",
    banner: { js: REQUIRE },
    // Names stay as they are: stack traces must say where something failed. 5 MB of memory less than with all the text.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    plugins: [withoutUnused],
    metafile: true,
    absWorkingDir: root,
    logLevel: "warning",
  });
  writeFileSync(join(folder, "licenses.txt"), licensesOf(packagesIn(metafile), root));
}

/** One CommonJS file without packages: what Node starts fastest. */
export async function bundleOne({ entry, file, root }) {
  await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    absWorkingDir: root,
    logLevel: "warning",
  });
}

/** The page, for browsers: `main.js` and `main.css` in `folder`, beside the files that stay as they are. */
export async function bundlePage({ source, folder, root }) {
  await build({
    entryPoints: [join(source, "main.tsx")],
    outdir: folder,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2023", "chrome120", "firefox121", "safari17"],
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "linked",
    absWorkingDir: root,
    logLevel: "warning",
  });
  for (const name of ["index.html", "icon.svg"]) copyFileSync(join(source, name), join(folder, name));
}

/** Folders below `root` of the packages that were taken in. */
function packagesIn({ inputs }) {
  const folders = Object.keys(inputs).map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

function licensesOf(packages, root) {
  return packages.map((folder) => licenseOf(join(root, folder))).join(`\n${"-".repeat(80)}\n\n`);
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[sc]e/i.test(entry));
  const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8");
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}
