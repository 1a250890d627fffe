import { addHealth } from "./health.js";
import { addMetrics } from "./metrics.js";
import type { AddRoutes } from "./route.js";
import { addRules } from "./rules.js";
import { addStats } from "./stats.js";
import { addUpkeep } from "./upkeep.js";

/** All routes, one file a group. */
export const ROUTES: readonly AddRoutes[] = [addHealth, addMetrics, addStats, addRules, addUpkeep];
