import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const dist = (path: string) => fileURLToPath(new URL(`../../../dist/${path}`, import.meta.url));

/** Runs a module in a process of its own, whose modules nobody else has loaded. */
function run(script: string): unknown {
  const engine = JSON.stringify(dist("sources/docker/engine.js"));
  const text = `import { createRequire } from "node:module";
    import ${engine};
    const require = createRequire(${engine});
    const loaded = (name) => Object.keys(require.cache).some((path) => path.includes("/node_modules/" + name + "/"));
    ${script}`;
  return JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "-e", text], { encoding: "utf8" }),
  );
}

it("gRPC and SSH are not loaded for an engine behind a socket", () => {
  expect(
    run(
      `console.log(JSON.stringify(["dockerode", "docker-modem", "@grpc/grpc-js", "protobufjs", "ssh2"].map(loaded)))`,
    ),
  ).toEqual([true, true, false, false, false]);
});

it("they are loaded when they are called", () => {
  expect(
    run(`const modem = createRequire(createRequire(require.resolve("dockerode")).resolve("docker-modem"));
      const agent = modem("./ssh")({});
      console.log(JSON.stringify([typeof agent.createConnection, loaded("ssh2"), modem("./ssh").length]));`),
  ).toEqual(["function", true, 1]);
});
