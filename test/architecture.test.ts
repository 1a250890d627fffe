import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const src = fileURLToPath(new URL("../src", import.meta.url));

/** The floors of docs/ARCHITECTURE.md from above to below. What stands together may not import each other, unless `ORDERED`. */
const FLOORS = [
  ["main.ts", "healthcheck.ts", "entry", "cli"],
  ["sidecar.ts", "sidecar-options.ts", "http", "doctor", "upkeep", "forward", "status", "pipeline", "search"],
  ["sources", "records", "rules", "categories", "lane", "store", "retention", "reading"],
  ["config", "telemetry", "version.ts"],
  ["core"],
];
/** Of these floors a folder may import those behind it. */
const ORDERED = new Set([0, 1]);

interface Import {
  readonly file: string;
  /** The imported file, a path below `src`. */
  readonly target: string;
  readonly from: string;
  readonly to: string;
}

async function readImports(): Promise<Import[]> {
  const imports: Import[] = [];
  for (const entry of await readdir(src, { recursive: true })) {
    if (!entry.endsWith(".ts")) continue;
    const text = await readFile(join(src, entry), "utf8");
    for (const [, target] of text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)) {
      const path = posix.join(posix.dirname(entry), target!.replace(/\.js$/, ".ts"));
      imports.push({ file: entry, target: path, from: partOf(entry), to: partOf(path) });
    }
  }
  return imports;
}

function partOf(path: string): string {
  return path.split("/")[0]!;
}

/** Place in the building: floors by hundreds, rooms of ordered floors by ones. */
function heightOf(part: string): number {
  const floor = FLOORS.findIndex((parts) => parts.includes(part));
  return floor * 100 + (ORDERED.has(floor) ? FLOORS[floor]!.indexOf(part) : 0);
}

/** Files that can be reached from themselves, in groups that lead to each other (Tarjan's strongly connected components). */
function circles(edges: readonly Import[]): string[][] {
  const targets = new Map<string, Import[]>();
  for (const edge of edges) targets.set(edge.file, [...(targets.get(edge.file) ?? []), edge]);
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): number => {
    const at = index.size;
    index.set(file, at);
    low.set(file, at);
    open.push(file);
    for (const { target } of targets.get(file) ?? []) {
      if (!index.has(target)) low.set(file, Math.min(low.get(file)!, visit(target)));
      else if (open.includes(target)) low.set(file, Math.min(low.get(file)!, index.get(target)!));
    }
    if (low.get(file) === at) {
      const group = open.splice(open.indexOf(file));
      if (group.length > 1) found.push(group.sort());
    }
    return low.get(file)!;
  };
  for (const { file } of edges) if (!index.has(file)) visit(file);
  return found;
}

const imports = await readImports();

describe("imports", () => {
  it("know every folder of src", async () => {
    expect((await readdir(src)).sort()).toEqual(FLOORS.flat().sort());
  });

  it("run downward only", () => {
    const upward = imports.filter(({ from, to }) => from !== to && heightOf(from) >= heightOf(to));
    expect(upward).toEqual([]);
  });

  it("go round in no circle, types included", () => {
    expect(circles(imports)).toEqual([]);
  });

  it("reach dockerode from the Docker source alone", async () => {
    const users = new Set<string>();
    for (const entry of await readdir(src, { recursive: true })) {
      if (entry.endsWith(".ts") && /from "dockerode"/.test(await readFile(join(src, entry), "utf8")))
        users.add(posix.dirname(entry));
    }
    expect([...users]).toEqual(["sources/docker"]);
  });
});

/** A file that grows past this does two jobs. */
const MOST_LINES = 250;

it("has no file that is too long to take in", async () => {
  const long: string[] = [];
  const root = join(src, "..");
  for (const part of ["src", "web"]) {
    for (const entry of await readdir(join(root, part), { recursive: true })) {
      if (entry.includes("node_modules") || !/\.tsx?$/.test(entry)) continue;
      const lines = (await readFile(join(root, part, entry), "utf8")).split("\n").length - 1;
      if (lines > MOST_LINES) long.push(`${part}/${entry}: ${lines}`);
    }
  }
  expect(long).toEqual([]);
});

it("is drawn with all its folders", async () => {
  const page = await readFile(join(src, "../docs/ARCHITECTURE.md"), "utf8");
  const table = page.slice(page.indexOf("## Floors"), page.indexOf("## Where"));
  const missing = FLOORS.flat().filter((part) => part !== "version.ts" && !table.includes(`\`${part}`));
  expect(missing).toEqual([]);
});
