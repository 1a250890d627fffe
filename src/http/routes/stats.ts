import { containersOf } from "../containers.js";
import type { AddRoutes } from "./route.js";

/** What the commands `stats`, `storage` and `doctor` print with --json, and the containers one by one. */
export const addStats: AddRoutes = (server, { parts }) => {
  server.get("/api/stats", async () => parts.upkeep.stats());
  server.get("/api/storage", async () => parts.upkeep.storage());
  server.get("/api/doctor", { config: { access: "private" } }, async () => parts.examine());
  server.get("/api/containers", async () => ({ containers: containersOf(parts) }));
};
