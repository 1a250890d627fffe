import { once } from "node:events";
import { type ClientRequest, type RequestOptions, request } from "node:http";

interface LogQuery {
  readonly tail?: number;
  readonly since?: string;
  readonly follow?: boolean;
}

/** What the engine of the tests answers when asked for a log, without any client's doing: path without a version, as the sidecar asks. */
export function fetchLog(
  id: string,
  query: LogQuery = {},
): Promise<{ readonly body: Buffer; readonly contentType: string | undefined }> {
  return new Promise((resolve, reject) => {
    const asked = request(logRequest(id, query), (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ body: Buffer.concat(chunks), contentType: response.headers["content-type"] }),
      );
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** Asks for a log and reads nothing of it, until it is destroyed. */
export async function holdLog(id: string): Promise<ClientRequest> {
  const asked = request(logRequest(id), (response) => {
    response.pause();
  });
  asked.end();
  await once(asked, "response");
  asked.on("error", () => undefined);
  return asked;
}

function logRequest(id: string, query: LogQuery = {}): RequestOptions {
  const parameters = new URLSearchParams({ stdout: "1", stderr: "1", timestamps: "1" });
  for (const [name, value] of Object.entries(query))
    parameters.set(name, value === true ? "1" : String(value));
  const socketPath = (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace("unix://", "");
  return { socketPath, path: `/containers/${id}/logs?${parameters}` };
}
