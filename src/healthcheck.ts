import { readFileSync, writeSync } from "node:fs";
import { healthOf } from "./cli/healthcheck.js";
import { dropPrivileges, dropRequest, logDirOf } from "./entry/privileges.js";

/**
 * The image's health check: `log-sidecar healthcheck` without the program around it, since it is started every 30 seconds for as
 * long as a container lives. It takes what Node's own start takes; `process.stdout` alone would be a tenth more.
 */
const logDir = logDirOf(process.env, [...sidecarArguments(), ...process.argv.slice(2)]);
const request = dropRequest(process.env);
// Root without its capabilities may not read what belongs to the user that the sidecar became.
if (request !== undefined) dropPrivileges({ ...request, logDir: undefined });
const { isHealthy, text } = healthOf(logDir);
writeSync(isHealthy ? 1 : 2, text);
process.exitCode = isHealthy ? 0 : 1;

/** What follows the program's name on the command line of the container's first process, with an init before it or without. */
function sidecarArguments(): string[] {
  try {
    const line = readFileSync("/proc/1/cmdline", "utf8").split("\0");
    const program = line.findIndex((part) => /(^|\/)(main\.js|log-sidecar)$/.test(part));
    return program === -1 ? [] : line.slice(program + 1);
  } catch {
    return []; // Another user's process that /proc hides: the environment has to say it.
  }
}
