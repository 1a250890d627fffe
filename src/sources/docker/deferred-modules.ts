import { createRequire, Module } from "node:module";

/**
 * dockerode loads gRPC for the builds of images and ssh2 for engines behind SSH, neither of which is used here: a seventh of the
 * sidecar's start, and memory for as long as it runs. Put in their places before dockerode is imported, they are loaded
 * when somebody calls them.
 */
const require = createRequire(import.meta.url);
const dockerode = require.resolve("dockerode");
const modem = createRequire(dockerode).resolve("docker-modem");

defer(dockerode, "./session");
defer(modem, "./ssh");

/** For a module that exports one function. Where a version of the package has no such file, it loads what it likes. */
function defer(parent: string, name: string): void {
  let path: string;
  try {
    path = createRequire(parent).resolve(name);
  } catch {
    return;
  }
  if (require.cache[path] !== undefined) return;
  const stand = new Module(path);
  stand.loaded = true;
  stand.exports = (...args: unknown[]) => {
    delete require.cache[path];
    return require(path)(...args);
  };
  require.cache[path] = stand;
}
