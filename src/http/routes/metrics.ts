import { type AddGauges, Metrics } from "../metrics/metrics.js";
import { OPENMETRICS_TYPE, toOpenMetrics } from "../metrics/openmetrics.js";
import type { CommonParts } from "../parts.js";
import type { AddRoutes } from "./route.js";

const TEXT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** `/metrics`, in Prometheus' text format, or as OpenMetrics when that is asked for. */
export function addMetrics<Parts extends CommonParts>(addGauges: AddGauges<Parts>): AddRoutes<Parts> {
  return (server, { parts, samples }) => {
    const metrics = new Metrics(parts, addGauges, samples);
    server.get("/metrics", async (request, reply) => {
      const text = await metrics.text();
      const isOpen = request.headers.accept?.includes("application/openmetrics-text") === true;
      return reply.type(isOpen ? OPENMETRICS_TYPE : TEXT_TYPE).send(isOpen ? toOpenMetrics(text) : text);
    });
  };
}
