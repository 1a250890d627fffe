#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { causeText, SidecarError, systemCode } from "./core/errors.js";
import { remedyOfLimit } from "./core/file-limit.js";
import { dropPrivileges, dropRequest } from "./entry/privileges.js";

// Before anything else is read or opened: the rest runs as the user that it drops to.
try {
  const request = dropRequest(process.env, process.getuid?.(), process.argv.slice(2));
  // Only the collecting command writes: the others must not wait for a large folder to be handed over.
  const isCollecting = process.argv[2] === "run";
  if (request !== undefined) dropPrivileges(isCollecting ? request : { ...request, logDir: undefined });
  // `log-sidecar tail | head`: whoever reads has had enough. What a command does besides is done by then.
  process.stdout.on("error", (cause) => {
    if (systemCode(cause) !== "EPIPE") throw cause;
    process.exit();
  });
  const { main } = await import("./cli/program.js");
  process.exitCode = await main(process.argv.slice(2), {
    env: process.env,
    shippedRules: fileURLToPath(new URL("../rules", import.meta.url)),
    output: { out: process.stdout, err: process.stderr },
    wasRoot: request !== undefined,
  });
} catch (error) {
  const isOurFault = !(error instanceof SidecarError) && remedyOfLimit(systemCode(error)) === undefined;
  process.stderr.write(`log-sidecar: ${isOurFault ? (error as Error)?.stack : causeText(error)}\n`);
  // Connections may still be open, and nothing is left that could be done with them.
  process.exit(error instanceof SidecarError ? error.exit : 1);
}
