import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What is used of WebAssembly, whose types come with the browser's only. */
interface WebAssemblyApi {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  validate(code: Uint8Array): boolean;
}

const { WebAssembly: api } = globalThis as unknown as { readonly WebAssembly?: WebAssemblyApi };

/** A number that a module shows: an address, a size, or what it found last. */
export interface Shown {
  readonly value: number;
}

/** What every module gives. */
export interface WasmExports {
  readonly memory: { readonly buffer: ArrayBuffer };
}

/**
 * A module of the build (scripts/build.mjs), ready to run, as what it exports. Undefined where it was not built, or where Node lacks what
 * it needs: whoever asks has another way.
 */
export function loadWasm<Exports extends WasmExports>(file: string): Exports | undefined {
  const path = builtFile(file);
  if (path === undefined || api === undefined) return undefined;
  const code = readFileSync(path);
  if (!api.validate(code)) return undefined;
  const imports = { env: { abort: () => undefined } };
  return new api.Instance(new api.Module(code), imports).exports as Exports;
}

/** Path of a file that the build (scripts/build.mjs) puts beside the program; tests have it from there, too. Undefined where it was not built. */
export function builtFile(name: string): string | undefined {
  const places = [`./${name}`, `../${name}`, `../dist/${name}`, `../../dist/${name}`];
  return places
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((path) => existsSync(path));
}
