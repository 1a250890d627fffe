import { describe, expect, it } from "vitest";
import type { Container } from "../../src/core/container.js";
import type { LogRecord } from "../../src/core/record.js";
import { FORMATS } from "../../src/records/text.js";
import { createUnderstand } from "../../src/records/understand.js";
import { captured } from "./captured.js";
import { events } from "./events.js";
import { sampleContainer, sampleLine } from "./samples.js";

function readAll(texts: readonly string[], container: Container = sampleContainer()): LogRecord[] {
  const understand = createUnderstand();
  return texts.map((text) => {
    const record = understand(sampleLine(text), container);
    if (record.dataText !== undefined) expect(JSON.parse(record.dataText)).toEqual(record.data);
    return record;
  });
}

/** Level, message and data of each line. */
function said(texts: readonly string[]): unknown[] {
  return readAll(texts).map(({ level, message, data }) =>
    data === undefined ? [level, message] : [level, message, data],
  );
}

const agent = { user_agent: 'curl/8 \\"quoted\\"' };

describe("lines that programs printed", () => {
  it("Python's logging, by ten formats", () => {
    const lines = said(captured("lines/python-logging")) as [
      string,
      string,
      { time?: string; logger?: string }?,
    ][];
    const groups = Array.from({ length: 10 }, (_, at) => lines.slice(at * 3, at * 3 + 3));
    for (const group of groups)
      expect(group.map(([level]) => level)).toEqual(["debug", "warning", "critical"]);
    for (const group of groups.slice(0, 9)) {
      expect(group.map(([, message]) => message)).toEqual(["a debug line", "a warning: two - parts", "gone"]);
    }
    expect(groups[9]?.map(([, message]) => message)).toEqual([
      "a debug line",
      "a warning: two - parts",
      "gone",
    ]);
    const loggers = groups.map((group) => group.map(([, , data]) => data?.logger));
    const cart = ["shop.cart", "shop.cart", "shop.cart"];
    const none = [undefined, undefined, undefined];
    expect(loggers).toEqual([cart, cart, cart, cart, cart, none, ["app", "app", "app"], none, none, none]);
    for (const group of groups.slice(1, 8)) {
      for (const [, , data] of group) expect(data?.time).toMatch(/^2026-11-22 14:\d\d:\d\d,\d{3}$/);
    }
  });

  it("uvicorn, with and without colours", () => {
    const lines = captured("lines/uvicorn");
    const expected = (port: number, path: string, query: object, status: number) => ({
      client: "127.0.0.1",
      port,
      method: "GET",
      path,
      ...query,
      protocol: "HTTP/1.1",
      status,
    });
    expect(said([lines[2] ?? "", lines[4] ?? "", lines[16] ?? ""])).toEqual([
      ["info", "Application startup complete."],
      ["info", '127.0.0.1:53022 - "GET / HTTP/1.1" 200 OK', expected(53022, "/", {}, 200)],
      [
        "info",
        '127.0.0.1:53968 - "GET /missing?q=1 HTTP/1.1" 404 Not Found',
        expected(53968, "/missing", { query: "q=1" }, 404),
      ],
    ]);
    expect(said(['INFO:     10.0.0.9:1 - "POST /pay HTTP/1.1" 500 Internal Server Error'])).toMatchObject([
      ["error", '10.0.0.9:1 - "POST /pay HTTP/1.1" 500 Internal Server Error', { status: 500 }],
    ]);
  });

  it("gunicorn and Flask", () => {
    expect(said(captured("lines/gunicorn").slice(0, 1))).toEqual([
      ["info", "Starting gunicorn 20.1.0", { time: "2026-11-22 14:44:21 +0000", pid: 28038 }],
    ]);
    expect(said(captured("lines/flask").slice(5, 8))).toEqual([
      ["warning", "asked", { time: "2026-11-22 14:44:24,988", logger: "app" }],
      [
        "info",
        '127.0.0.1 - - [22/Nov/2026 14:44:24] "GET / HTTP/1.1" 200 -',
        {
          client: "127.0.0.1",
          time: "22/Nov/2026 14:44:24",
          method: "GET",
          path: "/",
          protocol: "HTTP/1.1",
          status: 200,
        },
      ],
      ["error", "Exception on /missing [GET]", { time: "2026-11-22 14:44:25,014", logger: "app" }],
    ]);
  });

  it("nginx", () => {
    const lines = captured("lines/nginx");
    expect(readAll(lines).map((record) => record.level)).toEqual([
      ...["info", "info", "info", "error", "info", "info"],
      ...["info", "info", "info"],
    ]);
    expect(said(lines.slice(3, 4))).toEqual([
      [
        "error",
        'open() "/usr/share/nginx/html/missing" failed (2: No such file or directory), client: 127.0.0.1, server: , request: "GET /missing?q=1 HTTP/1.1", host: "127.0.0.1:18465"',
        { time: "2026/11/22 14:49:01", pid: 31444, connection: 2, client: "127.0.0.1" },
      ],
    ]);
    expect(said(lines.slice(7, 8))).toEqual([
      [
        "info",
        lines[7],
        {
          client: "127.0.0.1",
          time: "22/Nov/2026:14:49:01 +0000",
          method: "GET",
          path: "/missing",
          query: "q=1",
          protocol: "HTTP/1.1",
          status: 404,
          bytes: 153,
          user_agent: "curl/8 \\x22quoted\\x22",
        },
      ],
    ]);
  });

  it("Apache", () => {
    const lines = captured("lines/apache");
    expect(said([lines[3] ?? "", lines[6] ?? ""])).toEqual([
      [
        "critical",
        "AH02155: getpwuid: couldn't determine user name from uid 4294967295, you probably need to modify the User directive",
        { time: "Sun Nov 22 14:49:02.000433 2026", module: "unixd", pid: 31455 },
      ],
      [
        "info",
        "AH00129: Attempt to serve directory: /usr/share/",
        {
          time: "Sun Nov 22 14:49:03.953872 2026",
          module: "core",
          pid: 31455,
          client: "127.0.0.1",
          port: 42910,
        },
      ],
    ]);
    const access = {
      time: "22/Nov/2026:14:49:03 +0000",
      method: "GET",
      path: "/",
      protocol: "HTTP/1.1",
      status: 404,
    };
    expect(said(lines.slice(11, 13))).toEqual([
      ["info", lines[11], { client: "127.0.0.1", ...access, bytes: 397, ...agent }],
      ["info", lines[12], { client: "127.0.0.1", ...access, bytes: 236 }],
    ]);
  });

  it("PostgreSQL", () => {
    const records = readAll(captured("lines/postgresql"));
    expect(records[0]).toMatchObject({
      level: "info",
      data: { time: "2026-11-22 14:44:33.423 UTC", pid: 28127 },
    });
    expect(records[4]).toMatchObject({ level: "error", message: "division by zero" });
    expect(records[9]).toMatchObject({ level: "critical", message: 'database "nowhere" does not exist' });
    expect(records[10]).toMatchObject({ level: "warning", message: "low" });
  });

  it("Redis", () => {
    const lines = captured("lines/redis");
    expect(readAll(lines).map((record) => record.level)).toEqual([
      ...["warning", "warning", "warning", "info", "info", "warning", "warning"],
      ...["debug", "info", "debug", "info", "warning", "warning"],
    ]);
    expect(said(lines.slice(8, 9))).toEqual([
      ["info", "Ready to accept connections", { time: "22 Nov 2026 14:44:29.316", pid: 28096, role: "M" }],
    ]);
  });

  it("Ruby's Logger, log4js, winston's simple format, structlog's logfmt and console", () => {
    const levels = (name: string) => readAll(captured(`lines/${name}`)).map((record) => record.level);
    expect(levels("ruby-logger")).toEqual(["debug", "info", "warning", "error", "critical"]);
    expect(said(captured("lines/ruby-logger").slice(3, 4))).toEqual([
      ["error", "failed", { time: "2026-11-22T14:44:36.980854", pid: 28153, logger: "shop" }],
    ]);
    expect(levels("log4js")).toEqual(["trace", "debug", "info", "warning", "error", "critical"]);
    expect(said(captured("lines/winston").slice(8))).toEqual([
      ["error", "simple"],
      ["warning", "simple and coloured"],
    ]);
    expect(said(captured("lines/structlog").slice(5))).toEqual([
      ["warning", "two words", { level: "warning", event: "two words", free: 0.5, user: "ann", ok: true }],
      ["info", "on a console", { time: "2026-11-22 14:48:59", order: 7 }],
    ]);
  });

  it("Java's own logging: level and message of its second line", () => {
    const read = said(events(captured("lines/java-logging")).map((event) => event.join("\n")));
    const place = { time: "Nov 22, 2026 5:59:31 PM", logger: "App", method: "main" };
    expect(read.slice(0, 5)).toEqual([
      ["trace", "a finest line", place],
      ["debug", "a fine line", place],
      ["debug", "a setting", place],
      ["info", "a line", place],
      ["warning", "two\nlines", place],
    ]);
    expect(read[5]).toMatchObject([
      "error",
      expect.stringMatching(/^failed\njava\.lang\.IllegalStateException: cannot pay\n.*more$/s),
      place,
    ]);
    // Every event of this program begins with a head: what has none belongs to the one before.
    expect(read.slice(6)).toEqual([["info", "going on\nplain", place]]);
  });

  it("zap's console", () => {
    const read = said(events(captured("lines/zap").slice(0, 13)).map((event) => event.join("\n")));
    expect(read.map((one) => (one as string[])[0])).toEqual(["debug", "info", "warning", "error", "info"]);
    expect(read[3]).toMatchObject([
      "error",
      expect.stringMatching(/^failed\nmain\.main\n\t\/app/),
      { error: "boom", logger: "shop.cart" },
    ]);
  });

  it("Prometheus", () => {
    const records = readAll(captured("lines/prometheus"));
    expect(new Set(records.map(({ level }) => level))).toEqual(new Set(["info", "warning", "error"]));
    expect(records.find(({ level }) => level === "warning")?.message).toBe(
      "Received SIGTERM, exiting gracefully...",
    );
    expect(records.find(({ message }) => message === "WAL segment loaded")).toMatchObject({
      component: "tsdb",
      data: { caller: "head.go:685" },
    });
    expect(records.find(({ level }) => level === "error")?.data?.["err"]).toContain(
      "unmarshal errors:\n  line 2",
    );
  });
});

type Documented = readonly [name: string, text: string, level: string, message: string, data?: object];

const documented: readonly Documented[] = [
  [
    "Docker's daemon (logrus)",
    'time="2026-01-31T12:00:00.123456789Z" level=warning msg="say \\"hi\\"" id=007 count=3 ok=false size=1.5 big=12345678901234567890',
    "warning",
    'say "hi"',
    {
      time: "2026-01-31T12:00:00.123456789Z",
      level: "warning",
      msg: 'say "hi"',
      id: "007",
      count: 3,
      ok: false,
      size: 1.5,
      big: "12345678901234567890",
    },
  ],
  [
    "logfmt without quotes",
    "level=info msg=a trace line order=7",
    "info",
    "a trace line",
    { level: "info", msg: "a trace line", order: 7 },
  ],
  [
    "lograge",
    "method=GET path=/boom status=500 error='ArgumentError: kaboom' duration=0.14",
    "error",
    "ArgumentError: kaboom",
    { method: "GET", path: "/boom", status: 500, error: "ArgumentError: kaboom", duration: 0.14 },
  ],
  ["logfmt without a message", "a=1 b.c=x", "info", "a=1 b.c=x", { a: 1, "b.c": "x" }],
  ["a sentence with a =", "set x=1 and y=2 now", "info", "set x=1 and y=2 now"],
  ["one pair", "x=1", "info", "x=1"],
  ["an address", "https://x/?a=1&b=2 c=3", "info", "https://x/?a=1&b=2 c=3"],
  [
    "klog",
    "E0131 12:00:00.123456    7 server.go:42] cannot listen",
    "error",
    "cannot listen",
    { time: "0131 12:00:00.123456", pid: 7, source: "server.go:42" },
  ],
  [
    "Spring Boot",
    "2026-01-31T12:00:00.123+01:00 ERROR 1 --- [nio-8080-exec-1] c.s.Cart                      : failed : x",
    "error",
    "failed : x",
    { time: "2026-01-31T12:00:00.123+01:00", pid: 1, thread: "nio-8080-exec-1", logger: "c.s.Cart" },
  ],
  [
    "Spring Boot 3.4",
    "2026-01-31T12:00:00.123Z  INFO 1 --- [shop] [           main] com.shop.Cart : paid",
    "info",
    "paid",
    { time: "2026-01-31T12:00:00.123Z", pid: 1, app: "shop", thread: "main", logger: "com.shop.Cart" },
  ],
  [
    "logback",
    "12:00:00.123 [main] WARN  com.shop.Cart - slow - very",
    "warning",
    "slow - very",
    { time: "12:00:00.123", thread: "main", logger: "com.shop.Cart" },
  ],
  [
    "Quarkus",
    "2026-01-31 12:00:00,123 WARN  [io.quarkus] (main) slow",
    "warning",
    "slow",
    { time: "2026-01-31 12:00:00,123", thread: "main", logger: "io.quarkus" },
  ],
  [
    "Rust's tracing, as Python's",
    "2026-01-31T12:00:00.123456Z TRACE shop: asked",
    "trace",
    "asked",
    { time: "2026-01-31T12:00:00.123456Z", logger: "shop" },
  ],
  [
    "loguru",
    "2026-01-31 12:00:00.123 | SUCCESS  | app.main:run:7 - done - really",
    "info",
    "done - really",
    { time: "2026-01-31 12:00:00.123", logger: "app.main:run:7" },
  ],
  [
    "PostgreSQL on Debian",
    "2026-01-31 12:00:00.123 CET [7] ann@shop ERROR:  no such table",
    "error",
    "no such table",
    { time: "2026-01-31 12:00:00.123 CET", pid: 7, user: "ann", database: "shop" },
  ],
  [
    "syslog, RFC 5424",
    '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3" a="\\]"] An event',
    "info",
    "An event",
    {
      time: "2003-10-11T22:14:15.003Z",
      host: "mymachine.example.com",
      program: "evntslog",
      message_id: "ID47",
      structured: '[exampleSDID@32473 iut="3" a="\\]"]',
    },
  ],
  [
    "syslog, RFC 3164",
    "<34>Oct 11 22:14:15 mymachine su[12]: 'su root' failed",
    "critical",
    "'su root' failed",
    { time: "Oct 11 22:14:15", host: "mymachine", program: "su", pid: 12 },
  ],
  [
    "syslog in a file",
    "Jan  3 22:14:15 mail postfix/smtpd[9]: connect from x",
    "info",
    "connect from x",
    { time: "Jan  3 22:14:15", host: "mail", program: "postfix/smtpd", pid: 9 },
  ],
  [
    "an access line of a virtual host",
    'shop.example:443 10.0.0.7 - ann [31/Jan/2026:12:00:00 +0000] "\\x16\\x03" 502 0 "http://a/" "x"',
    "error",
    'shop.example:443 10.0.0.7 - ann [31/Jan/2026:12:00:00 +0000] "\\x16\\x03" 502 0 "http://a/" "x"',
    {
      client: "10.0.0.7",
      user: "ann",
      time: "31/Jan/2026:12:00:00 +0000",
      request: "\\x16\\x03",
      status: 502,
      bytes: 0,
      referer: "http://a/",
      user_agent: "x",
    },
  ],
  [
    "Python's logger of JSON",
    'INFO:shop:{"event_type":"paid","level":"warning","message":"m"}',
    "warning",
    "m",
    { logger: "shop", event_type: "paid", level: "warning", message: "m" },
  ],
  ["a prefix before JSON", '[E] {"a":1}', "error", '{"a":1}', { a: 1 }],
];

describe("lines from the programs' documents", () => {
  for (const [name, text, level, message, data] of documented) {
    it(name, () => {
      expect(said([text])).toEqual([data === undefined ? [level, message] : [level, message, data]]);
    });
  }

  it.each([
    ["error", "[E] disk"],
    ["warning", "[WARN] disk"],
    ["info", "<info> disk"],
  ])("takes a prefix that says %s alone off: %s", (level, text) => {
    expect(said([text])).toEqual([[level, "disk"]]);
  });

  it.each([
    ["critical", "PHP Fatal error:  Uncaught Exception: x in /a.php:3"],
    ["warning", "PHP Warning:  Undefined variable $x in /a.php on line 3"],
    ["error", "E: Unable to locate package"],
    ["error", "Error: listen EADDRINUSE"],
    ["info", "ERRORS were counted"],
    ["info", "C: is full"],
    ["info", "2026-01-31 the word ERRORS"],
    ["info", "user said ERROR"],
    ["info", "(c) 2026 Shop Ltd"],
    ["info", "config: loaded /etc/app.yml"],
    ["info", "[config] loaded"],
    ["info", "[http] listening"],
  ])("%s: %s", (level, text) => {
    expect(said([text])).toEqual([[level, text]]);
  });
});

describe("the shape of a container", () => {
  it("is found anew for lines of another shape", () => {
    const records = readAll(["INFO:a:b", "E0131 12:00:00.123456 7 x.go:1] c", "Warning: w", "ERROR:a:d"]);
    expect(records.map((record) => [record.level, record.message])).toEqual([
      ["info", "b"],
      ["error", "c"],
      ["warning", "Warning: w"],
      ["error", "d"],
    ]);
  });

  it("can be named, and the other shapes are still understood", () => {
    const container = sampleContainer({ format: "klog" });
    expect(readAll(["ERROR:a:b"], container)[0]).toMatchObject({ level: "error", message: "b" });
    expect(FORMATS).toContain("klog");
    expect(new Set(FORMATS).size).toBe(FORMATS.length);
  });
});

describe("events of several lines", () => {
  it("take the level of their first line and keep the others in the message", () => {
    const trace = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\nValueError: x';
    expect(said([`ERROR:shop:failed\n${trace}\n`])).toEqual([
      ["error", `failed\n${trace}`, { logger: "shop" }],
    ]);
    expect(said([`INFO:shop:as planned\n${trace}`])).toEqual([
      ["info", `as planned\n${trace}`, { logger: "shop" }],
    ]);
  });

  it("are errors when they are stack traces, warnings when Python warns", () => {
    const levels = said([
      "cannot pay Error: x\n    at f (/a.js:1:2)",
      "java.io.IOException\n\tat a.B.c(B.java:7)",
      "panic: x\n\ngoroutine 1 [running]:\nmain.main()",
      "thread 'main' (7) panicked at a.rs:1:2:\nx",
      "a.rb:9:in `load': x (KeyError)\n\tfrom a.rb:1:in `<main>'",
      "  + Exception Group Traceback (most recent call last):\n  | x",
      "/a.py:3: UserWarning: old\n  warn()",
      "two lines\nof text",
    ]).map((each) => (each as string[])[0]);
    expect(levels).toEqual([...["error", "error", "critical", "error", "error", "error", "warning"], "info"]);
  });

  it("of .NET's console have their message on the second line", () => {
    expect(said(["fail: Shop.Cart[7]\n      cannot pay\n      System.Exception: x"])).toEqual([
      ["error", "cannot pay\n      System.Exception: x", { logger: "Shop.Cart", event_id: 7 }],
    ]);
  });
});
