import { forwarderHealth, forwarderReadiness, health, readiness } from "../health.js";
import { addForwarderGauges, addGauges } from "../metrics/gauges.js";
import type { ForwarderParts, HttpParts } from "../parts.js";
import { addHealth } from "./health.js";
import { addMetrics } from "./metrics.js";
import { addPage } from "./page.js";
import type { AddRoutes } from "./route.js";
import { addRules } from "./rules.js";
import { addSearch } from "./search.js";
import { addStats, addStoredStats } from "./stats.js";
import { addStored } from "./stored.js";
import { addTail } from "./tail.js";
import { addUpkeep } from "./upkeep.js";

/** What a sidecar answers that stores lines, one file a group. */
export const ROUTES: readonly AddRoutes[] = [
  addPage,
  addHealth<HttpParts>({ health, readiness }),
  addMetrics(addGauges),
  addStats,
  addStoredStats,
  addRules,
  addUpkeep,
  addSearch,
  addTail,
  addStored,
];

/** What a sidecar answers that forwards them, and stores nothing: how it is doing. */
export const FORWARDER_ROUTES: readonly AddRoutes<ForwarderParts>[] = [
  addHealth<ForwarderParts>({ health: forwarderHealth, readiness: forwarderReadiness }),
  addMetrics(addForwarderGauges),
  addStats,
];
