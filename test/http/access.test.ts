import { describe, expect, it } from "vitest";
import { Attempts } from "../../src/http/guards/attempts.js";
import { ask, INSTANCE, makeParts, post, serverOf } from "./world.js";

const TOKEN = "a-token-of-some-length";
const OPEN = ["/healthz", "/readyz"];
const GUARDED = ["/metrics", "/api/stats", "/api/storage", "/api/containers", "/api/rules"];
const PRIVATE = ["/api/flush", "/api/retention", "/api/cleanup", "/api/reload"];
const FAR = { remoteAddress: "172.18.0.1" };

describe("without a token", () => {
  it("tells figures to everybody who reaches it", async () => {
    const server = serverOf(await makeParts());
    for (const url of [...OPEN, ...GUARDED])
      expect([url, (await ask(server, url, FAR)).statusCode]).toEqual([url, 200]);
  });

  it("changes nothing and explains nothing for others than loopback", async () => {
    const server = serverOf(await makeParts());
    for (const url of PRIVATE) {
      expect([url, (await post(server, url)).statusCode]).toEqual([url, 200]);
      const { statusCode, json } = await post(server, url, undefined, FAR);
      expect([url, statusCode, json().code]).toEqual([url, 403, "HTTP_FORBIDDEN"]);
    }
    expect((await post(server, "/api/explain", { line: "x" }, FAR)).statusCode).toBe(403);
    expect(
      (await post(server, "/api/flush", undefined, { remoteAddress: "::ffff:127.0.0.1" })).statusCode,
    ).toBe(200);
  });

  it("takes what a proxy on this machine sends on for somebody else", async () => {
    const server = serverOf(await makeParts());
    const headers = { "x-forwarded-for": "203.0.113.9" };
    expect((await post(server, "/api/flush", undefined, { headers })).statusCode).toBe(403);
  });
});

describe("with a token", () => {
  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  it("asks for it everywhere but for health, from loopback too", async () => {
    const server = serverOf(await makeParts(), TOKEN);
    for (const url of OPEN) expect((await ask(server, url)).statusCode).toBe(200);
    for (const url of GUARDED) {
      const { statusCode, headers, json } = await ask(server, url);
      expect([url, statusCode, headers["www-authenticate"], json().code]).toEqual([
        url,
        401,
        "Bearer",
        "HTTP_TOKEN",
      ]);
      expect((await ask(server, url, bearer(TOKEN))).statusCode).toBe(200);
    }
    for (const url of PRIVATE) {
      expect((await post(server, url)).statusCode).toBe(401);
      expect((await post(server, url, undefined, { ...bearer(TOKEN), ...FAR })).statusCode).toBe(200);
    }
  });

  it("refuses everything from an address that tried 20 wrong ones, and counts", async () => {
    const parts = await makeParts();
    const server = serverOf(parts, TOKEN);
    for (let tries = 0; tries < 20; tries++) {
      expect((await ask(server, "/metrics", bearer(`wrong-${tries}`))).statusCode).toBe(401);
    }
    const refused = await ask(server, "/metrics", bearer(TOKEN));
    expect([refused.statusCode, refused.headers["retry-after"], refused.json().code]).toEqual([
      429,
      "60",
      "HTTP_ATTEMPTS",
    ]);
    expect((await ask(server, "/metrics", { ...bearer(TOKEN), ...FAR })).statusCode).toBe(200);
    expect((await ask(server, "/healthz")).statusCode).toBe(200);
    expect(parts.telemetry.counters.get("http_refused_total", "token")).toBe(20);
    expect(parts.telemetry.counters.get("http_refused_total", "attempts")).toBe(1);
  });

  it("forgets wrong ones after a minute, and addresses after a thousand others", () => {
    const attempts = new Attempts();
    for (let tries = 0; tries < 20; tries++) attempts.note("a", 0);
    expect([attempts.areTooMany("a", 59_999), attempts.areTooMany("a", 60_000)]).toEqual([true, false]);
    for (let other = 0; other < 1_000; other++) attempts.note(`b${other}`, 0);
    expect(attempts.areTooMany("a", 1)).toBe(false);
  });
});

describe("names", () => {
  it("answers under its own names and addresses, and those of the settings", async () => {
    const server = serverOf(await makeParts({ env: { SIDECAR_HTTP_HOSTS: "log-sidecar, Logs.Example" } }));
    const own = [
      "localhost:9600",
      "127.0.0.1",
      "[::1]:9600",
      "192.168.1.7:9600",
      "log-sidecar:9600",
      "logs.example",
      "x.localhost",
    ];
    for (const host of own)
      expect([host, (await ask(server, "/healthz", { headers: { host } })).statusCode]).toEqual([host, 200]);
    for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "a b"]) {
      expect([host, (await ask(server, "/healthz", { headers: { host } })).statusCode]).toEqual([host, 403]);
    }
  });

  it("answers no page from elsewhere", async () => {
    const server = serverOf(await makeParts());
    const origin = (value: string) => ({ headers: { origin: value } });
    expect((await post(server, "/api/flush", undefined, origin("http://localhost:9600"))).statusCode).toBe(
      200,
    );
    for (const value of ["http://localhost:3000", "https://evil.example", "null"])
      expect((await post(server, "/api/flush", undefined, origin(value))).statusCode).toBe(403);
    const crossSite = { headers: { "sec-fetch-site": "cross-site" } };
    expect((await post(server, "/api/flush", undefined, crossSite)).statusCode).toBe(403);
    const { headers } = await ask(server, "/api/stats", origin("http://localhost:9600"));
    expect(headers["access-control-allow-origin"]).toBeUndefined();
  });

  it("answers nothing that is meant for another sidecar", async () => {
    const server = serverOf(await makeParts());
    const meant = (instance: string) => ({ headers: { "log-sidecar-instance": instance } });
    expect((await ask(server, "/api/stats", meant(INSTANCE))).statusCode).toBe(200);
    expect((await ask(server, "/api/stats", meant("another"))).json().code).toBe("HTTP_MISDIRECTED");
  });
});
