import { containersOf } from "../containers.js";
import type { CommonParts } from "../parts.js";
import type { AddRoutes } from "./route.js";

/** What the commands `stats` and `doctor` print with --json. */
export const addStats: AddRoutes<CommonParts> = (server, { parts }) => {
  server.get("/api/stats", async () => parts.upkeep.stats());
  server.get("/api/doctor", { config: { access: "private" } }, async () => parts.examine());
};

/** What `storage` prints with --json, and the containers one by one. */
export const addStoredStats: AddRoutes = (server, { parts }) => {
  server.get("/api/storage", async () => parts.upkeep.storage());
  server.get("/api/containers", async () => ({ containers: containersOf(parts) }));
};
