/**
 * Stands for the socket proxy of docker-compose.sidecar.hardened.yml, and takes its allow-list: SP_ALLOW_GET between ^ and $, matched with
 * the decoded path. All else is refused, and told. Streams on which nothing comes for ten seconds are cut.
 */
import http from "node:http";

const allowed = new RegExp(`^${process.env.SP_ALLOW_GET}$`);
const QUIET_MS = 10_000;

http
  .createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://proxy");
    if (request.method !== "GET" || !allowed.test(decodeURIComponent(pathname))) {
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
      answer.setTimeout(QUIET_MS, () => {
        process.stdout.write("cut a quiet stream\n");
        response.destroy();
      });
    });
    forward.on("error", () => response.writeHead(502).end());
    response.on("close", () => forward.destroy());
  })
  .listen(2375);
process.on("SIGTERM", () => process.exit(0));
