import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** Runs the built program to its end, its own log silent, and gives its exit status. */
export async function runSidecar(args: readonly string[]): Promise<number | null> {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: "ignore",
    env: { ...process.env, SIDECAR_LOG_LEVEL: "silent", SIDECAR_DROP_TO: "" },
  });
  const [status] = (await once(child, "exit")) as [number | null];
  return status;
}
