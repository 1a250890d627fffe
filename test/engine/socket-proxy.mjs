/** Stands for the socket proxy of docker-compose.sidecar.hardened.yml: lets GET requests through to the socket, refuses all else. */
import http from "node:http";

const allowed = /^(\/v[\d.]+)?\/(containers|events|info|version|_ping)/;

http
  .createServer((request, response) => {
    if (request.method !== "GET" || !allowed.test(request.url ?? "")) {
      response.writeHead(403).end("refused\n");
      process.stdout.write(`refused ${request.method} ${request.url}\n`);
      return;
    }
    const { headers, url: path } = request;
    const forward = http.get({ socketPath: "/var/run/docker.sock", path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      // The engine is slow to say the first word on a quiet stream: the head must not wait for it.
      response.flushHeaders();
      answer.pipe(response);
    });
    forward.on("error", () => response.writeHead(502).end());
    response.on("close", () => forward.destroy());
  })
  .listen(2375);
process.on("SIGTERM", () => process.exit(0));
