import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import { SidecarError } from "../core/errors.js";
import { requestFailed } from "../telemetry/http-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { errorAnswer } from "./errors.js";

/**
 * Answers what a listener is asked by a server that is made when the first request comes: its packages take 20 MB of memory and a tenth
 * of a second, which a start has better use for, and whom nobody asks needs neither.
 */
export function answerLater(
  listener: Server,
  telemetry: Telemetry,
  make: () => Promise<FastifyInstance>,
): { close(): Promise<void> } {
  let making: Promise<FastifyInstance> | undefined;
  const server = async () => {
    const made = await make();
    await made.ready();
    return made;
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      making ??= server();
      (await making).routing(request, response);
    } catch (error) {
      making = undefined;
      requestFailed(telemetry, request.method ?? "", request.url ?? "", error);
      const shown = new SidecarError("HTTP_FAILED", "This request could not be answered.");
      response.writeHead(500, { "content-type": "application/json" }).end(JSON.stringify(errorAnswer(shown)));
    }
  };
  listener.on("request", (request, response) => void answer(request, response));
  return {
    async close() {
      const closed = once(listener, "close");
      listener.close();
      listener.closeAllConnections();
      await Promise.all([
        closed,
        making?.then(
          (made) => made.close(),
          () => undefined, // Told to whoever asked.
        ),
      ]);
    },
  };
}
