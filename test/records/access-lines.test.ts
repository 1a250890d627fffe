import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCommonLine } from "../../src/records/shapes/text/common-line.js";
import { createUnderstand } from "../../src/records/understand.js";
import { sampleContainer, sampleLine } from "./samples.js";

function read(text: string) {
  return createUnderstand()(sampleLine(text), sampleContainer());
}

/** Whose form it is, the line, and what it tells; all of these ask for `/a` in some way. */
const LINES: readonly (readonly [string, string, Readonly<Record<string, string | number>>])[] = [
  [
    "several addresses of proxies",
    '203.0.113.7, 10.0.0.2, 10.0.0.3 - - [29/Nov/2026:09:00:00 +0000] "GET /a HTTP/1.1" 502 512 "-" "curl/8"',
    { client: "203.0.113.7", method: "GET", path: "/a", status: 502, bytes: 512, user_agent: "curl/8" },
  ],
  [
    "a virtual host before the address",
    'shop:80 ::1 - bob [29/Nov/2026:09:00:00 +0000] "GET /a HTTP/1.1" 401 397 "http://r/" "x 5s" 12ms',
    { client: "::1", user: "bob", path: "/a", status: 401, referer: "http://r/", duration_ms: 12 },
  ],
  [
    "Django's runserver",
    '[28/Nov/2026 22:18:12] "GET /a?b=c HTTP/1.1" 500 53691',
    { path: "/a", query: "b=c", status: 500, bytes: 53691 },
  ],
  [
    "aiohttp through Python's logging",
    'INFO:aiohttp.access:127.0.0.1 [29/Nov/2026:04:18:03 +0000] "GET /a HTTP/1.1" 404 173 "-" "Python/3.11"',
    {
      client: "127.0.0.1",
      path: "/a",
      status: 404,
      bytes: 173,
      user_agent: "Python/3.11",
      logger: "aiohttp.access",
    },
  ],
  [
    "php-fpm",
    '127.0.0.1 -  29/Nov/2026:04:24:46 +0000 "GET /a" 500',
    { client: "127.0.0.1", path: "/a", status: 500 },
  ],
  [
    "PHP's own server",
    "[Sun Nov 29 04:24:44 2026] 127.0.0.1:54296 [200]: GET /a",
    { client: "127.0.0.1", port: 54296, path: "/a", status: 200 },
  ],
  [
    "Gin",
    '[GIN] 2026/11/29 - 04:20:11 | 500 |     994.144µs |       192.0.2.1 | GET      "/a"',
    { client: "192.0.2.1", path: "/a", status: 500, duration_ms: 0.994144 },
  ],
  [
    "Fiber",
    "04:20:11 | 200 |      10µs | 127.0.0.1 | GET     | /a",
    { client: "127.0.0.1", path: "/a", status: 200, duration_ms: 0.01 },
  ],
  [
    "chi",
    '2026/11/29 09:00:00 "GET http://localhost:3333/a HTTP/1.1" from [::1]:54321 - 200 5B in 15.2µs',
    { client: "::1", port: 54321, host: "localhost:3333", path: "/a", status: 200, duration_ms: 0.0152 },
  ],
  [
    "morgan's dev",
    "GET /a 503 3.123 ms - 12",
    { method: "GET", path: "/a", status: 503, duration_ms: 3.123 },
  ],
  ["morgan's tiny", "GET /a 200 12 - 3.123 ms", { path: "/a", status: 200, bytes: 12, duration_ms: 3.123 }],
  [
    "morgan's short",
    "::1 - GET /a HTTP/1.1 200 12 - 3.1 ms",
    { client: "::1", path: "/a", status: 200, bytes: 12, duration_ms: 3.1 },
  ],
  ["Koa and Hono", "  --> GET /a 500 5ms 12b", { path: "/a", status: 500, duration_ms: 5 }],
  ["Next.js", " GET /a 200 in 15ms", { path: "/a", status: 200, duration_ms: 15 }],
  [
    "uWSGI",
    "[pid: 123|app: 0|req: 1/1] 127.0.0.1 () {32 vars in 382 bytes} [Sun Nov 29 04:24:43 2026] GET /a?b => generated 4 bytes in 12 msecs (HTTP/1.1 500) 2 headers in 80 bytes (1 switches on core 0)",
    { client: "127.0.0.1", path: "/a", query: "b", status: 500, bytes: 4, duration_ms: 12 },
  ],
  [
    "HAProxy",
    '10.0.1.2:33313 [06/Feb/2026:12:12:51.443] fnt bck/srv1 0/0/5/6/11 503 243 - - ---- 1/1/1/0/0 0/0 "GET /a HTTP/1.1"',
    { client: "10.0.1.2", port: 33313, path: "/a", status: 503, duration_ms: 11 },
  ],
  [
    "HAProxy through syslog",
    '<134>Nov 29 09:00:00 lb haproxy[26]: 10.0.1.2:33313 [06/Feb/2026:12:12:51.443] fnt bck/srv1 0/0/5/6/11 200 243 - - ---- 1/1/1/0/0 0/0 "GET /a HTTP/1.1"',
    { client: "10.0.1.2", path: "/a", status: 200, program: "haproxy", host: "lb" },
  ],
  [
    "Squid",
    "1764403200.123     155 10.0.0.1 TCP_MISS/503 1234 GET http://x/a - HIER_DIRECT/1.2.3.4 text/html",
    { client: "10.0.0.1", host: "x", path: "/a", status: 503 },
  ],
  [
    "Envoy",
    '[2026-11-29T09:00:00.000Z] "GET /a HTTP/1.1" 503 - 0 5 12 11 "10.0.0.1" "curl/8" "id" "host" "up"',
    { client: "10.0.0.1", path: "/a", status: 503, user_agent: "curl/8" },
  ],
  [
    "Tornado",
    "[I 261129 04:18:02 web:2271] 200 GET /a (127.0.0.1) 1.23ms",
    { client: "127.0.0.1", path: "/a", status: 200, duration_ms: 1.23 },
  ],
  [
    "Hypercorn",
    "[2026-11-29 09:00:00 +0000] [123] [INFO] 127.0.0.1:1234 GET /a 1.1 200 5 1234",
    { client: "127.0.0.1", path: "/a", status: 200, bytes: 5 },
  ],
  [
    "Sanic",
    "[2026-11-29 09:00:00 +0000] - (sanic.access)[INFO][127.0.0.1:4]: GET http://x/a  500 5",
    { client: "127.0.0.1", path: "/a", status: 500 },
  ],
  [
    "uvicorn",
    'INFO:     127.0.0.1:52314 - "GET /a HTTP/1.1" 500 Internal Server Error',
    { client: "127.0.0.1", path: "/a", status: 500 },
  ],
  [
    "a tunnel",
    "CONNECT a.example:443 200 0.5s",
    { method: "CONNECT", path: "a.example:443", status: 200, duration_ms: 500 },
  ],
  [
    "Rust's tracing",
    "2026-11-29T09:00:00Z  INFO request{method=GET uri=/a}: finished latency=3 ms status=500",
    { path: "/a", status: 500, duration_ms: 3 },
  ],
];

describe("access lines, whoever prints them", () => {
  it.each(LINES)("%s", (_, text, told) => {
    const { level, data, dataText } = read(text);
    expect(data).toMatchObject(told);
    expect(JSON.parse(dataText ?? "")).toEqual(data);
    expect(level).toBe(Number(told["status"]) >= 500 ? "error" : "info");
  });

  it.each([
    "retrying GET /a in 200 ms",
    "GET /a took 500 ms",
    "GET /a failed with 503",
    "  <-- GET /a",
    "[GIN-debug] GET    /a                     --> main.main.func2 (3 handlers)",
    'Started GET "/a" for 127.0.0.1 at 2026-11-29 09:00:00',
    "PUT 500 GET here",
  ])("tell of no answer: %s", (text) => {
    expect(read(text)).toMatchObject({ level: "info", data: undefined });
  });

  it("a level that the line says stays", () => {
    expect(read("WARNING:shop:GET /a 503 3 ms")).toMatchObject({
      level: "warning",
      data: { status: 503, logger: "shop" },
    });
  });

  it("an object that the app printed behind its head stays alone", () => {
    const { dataText } = read('INFO:shop:{"url":"GET /a 500"}');
    expect(dataText).toBe('{"logger":"shop","url":"GET /a 500"}');
  });
});

describe("a line in common log format", () => {
  it("says the same whether its words are plain or not", () => {
    const line = '203.0.113.7 - bob [29/Nov/2026:09:00:00 +0000] "GET /a?b HTTP/1.1" 200 512 "-" "curl/8"';
    const change = fc.record({
      at: fc.nat(line.length),
      without: fc.nat(3),
      put: fc.constantFrom(
        "",
        " ",
        "-",
        "[",
        "]",
        '"',
        "\\",
        "7",
        "a, ",
        "\t",
        " 200 ",
        '] "',
        "12345678901234567890",
      ),
    });
    const changed = fc
      .array(change, { maxLength: 3 })
      .map((changes) =>
        changes.reduce(
          (text, { at, without, put }) => text.slice(0, at) + put + text.slice(at + without),
          line,
        ),
      );
    fc.assert(
      fc.property(changed, (text) => {
        // Beyond ASCII nothing is plain.
        const odd = readCommonLine(text.replaceAll("bob", "b\u00f6b"));
        const said = JSON.stringify(odd)?.replaceAll("b\u00f6b", "bob");
        expect(JSON.stringify(readCommonLine(text))).toBe(said);
      }),
      { numRuns: 2_000 },
    );
  });
});
