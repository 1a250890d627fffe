import { writeSync } from "node:fs";
import { healthOf } from "./cli/healthcheck.js";
import { dropPrivileges, dropRequest, logDirOf } from "./entry/privileges.js";

/**
 * The image's health check: `log-sidecar healthcheck` without the program around it, since it is started every 30 seconds for as
 * long as a container lives. It takes what Node's own start takes; `process.stdout` alone would be a tenth more.
 */
const logDir = logDirOf(process.env);
const request = dropRequest(process.env);
// Root without its capabilities may not read what belongs to the user that the sidecar became.
if (request !== undefined) dropPrivileges({ ...request, logDir: undefined });
const { isHealthy, text } = healthOf(logDir);
writeSync(isHealthy ? 1 : 2, text);
process.exitCode = isHealthy ? 0 : 1;
