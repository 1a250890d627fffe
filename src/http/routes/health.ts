import { type HealthReport, LoopWatch } from "../health.js";
import type { CommonParts } from "../parts.js";
import type { AddRoutes } from "./route.js";

const OPEN = { config: { access: "open" } } as const;

interface Reports<Parts> {
  readonly health: (parts: Parts, loop: LoopWatch) => HealthReport;
  readonly readiness: (parts: Parts, loop: LoopWatch) => HealthReport;
}

/** `/healthz`: can it do its job. `/readyz`: does it get what it needs for that, too. 503 when not; which part and why. */
export function addHealth<Parts extends CommonParts>(reports: Reports<Parts>): AddRoutes<Parts> {
  return (server, { parts }) => {
    const loop = new LoopWatch();
    server.addHook("onClose", async () => loop.stop());
    for (const [path, reportOf] of [
      ["/healthz", reports.health],
      ["/readyz", reports.readiness],
    ] as const)
      server.get(path, OPEN, async (_request, reply) => {
        const report = reportOf(parts, loop);
        return reply.code(report.ok ? 200 : 503).send(report);
      });
  };
}
