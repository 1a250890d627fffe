import { addHealth } from "./health.js";
import { addMetrics } from "./metrics.js";
import { addPage } from "./page.js";
import type { AddRoutes } from "./route.js";
import { addRules } from "./rules.js";
import { addSearch } from "./search.js";
import { addStats } from "./stats.js";
import { addStored } from "./stored.js";
import { addTail } from "./tail.js";
import { addUpkeep } from "./upkeep.js";

/** All routes, one file a group. */
export const ROUTES: readonly AddRoutes[] = [
  addPage,
  addHealth,
  addMetrics,
  addStats,
  addRules,
  addUpkeep,
  addSearch,
  addTail,
  addStored,
];
