import { health, LoopWatch, readiness } from "../health.js";
import type { AddRoutes } from "./route.js";

const OPEN = { config: { access: "open" } } as const;

/** `/healthz`: can it do its job. `/readyz`: does it get what it needs for that, too. 503 when not; which part and why. */
export const addHealth: AddRoutes = (server, { parts }) => {
  const loop = new LoopWatch();
  server.addHook("onClose", async () => loop.stop());
  server.get("/healthz", OPEN, async (_request, reply) => {
    const report = health(parts, loop);
    return reply.code(report.ok ? 200 : 503).send(report);
  });
  server.get("/readyz", OPEN, async (_request, reply) => {
    const report = readiness(parts, loop);
    return reply.code(report.ok ? 200 : 503).send(report);
  });
};
