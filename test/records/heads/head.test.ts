import { describe, expect, it } from "vitest";
import { createUnderstand } from "../../../src/records/understand.js";
import { sampleContainer, sampleLine } from "../samples.js";

type Row = readonly [text: string, level: string, message: string, data?: object];

/** Heads that programs print, taken from their output or their documents. */
const rows: readonly Row[] = [
  [
    "2026-01-31 12:00:00 INFO db.internal is down",
    "info",
    "db.internal is down",
    { time: "2026-01-31 12:00:00" },
  ],
  [
    "[Sat Jan 31 2026 12:00:00 GMT+0000 (Coordinated Universal Time)] ERROR failed",
    "error",
    "failed",
    { time: "Sat Jan 31 2026 12:00:00 GMT+0000 (Coordinated Universal Time)" },
  ],
  [
    "2026-01-31 12:00:00.123456 +0000 UTC m=+0.000123 WARN slow",
    "warning",
    "slow",
    { time: "2026-01-31 12:00:00.123456 +0000 UTC m=+0.000123" },
  ],
  ["W20260131-12:00:00.391(-5)? slow", "warning", "slow", { time: "20260131-12:00:00.391" }],
  [
    "[2026/01/31 12:00:00.391 +00:00] [WARN] [cache.go:7] [slow] [ms=812]",
    "warning",
    "slow",
    { time: "2026/01/31 12:00:00.391 +00:00", source: "cache.go:7", ms: "812" },
  ],
  [
    "[2026/01/31 12:00:00.391 +00:00] [INFO] [main.go:7] [closed]",
    "info",
    "[closed]",
    { time: "2026/01/31 12:00:00.391 +00:00", source: "main.go:7" },
  ],
  ["2026-01-31 12:00:00 INFO # Title", "info", "# Title", { time: "2026-01-31 12:00:00" }],
  ["2026-01-31 12:00:00 INFO {} is empty", "info", "{} is empty", { time: "2026-01-31 12:00:00" }],
  ["2026-01-31 12:00:00 WARN [] - none", "warning", "none", { time: "2026-01-31 12:00:00" }],
  ["2026-01-31 12:00:00 I am here", "info", "I am here", { time: "2026-01-31 12:00:00" }],
  ["2026-01-31 12:00:00 E is a letter", "info", "E is a letter", { time: "2026-01-31 12:00:00" }],
  ["2026-01-31 12:00:00 I! paid", "info", "paid", { time: "2026-01-31 12:00:00" }],
  [
    "2026-01-31 12:00:00.123456: W core/cart.cc:12] slow",
    "warning",
    "slow",
    { time: "2026-01-31 12:00:00.123456", source: "core/cart.cc:12" },
  ],
  [
    "2026-01-31 12:00:00 INFO cart: (seven) paid",
    "info",
    "(seven) paid",
    { time: "2026-01-31 12:00:00", logger: "cart" },
  ],
  [
    '[2026/01/31 12:00:00.123 +00:00] [WARN] [cart.go:12] ["is \\"slow\\""] [order=7] [err="no route"]',
    "warning",
    'is "slow"',
    { time: "2026/01/31 12:00:00.123 +00:00", source: "cart.go:12", order: "7", err: "no route" },
  ],
  [
    "2026/01/31 12:00:00 [7c562a] incoming HTTP GET request",
    "info",
    "[7c562a] incoming HTTP GET request",
    { time: "2026/01/31 12:00:00" },
  ],
  ["2026-01-31 12:00:00 > GET /a HTTP/1.1", "info", "> GET /a HTTP/1.1", { time: "2026-01-31 12:00:00" }],
  ["[I 2026-01-31 12:00:00] >>> ready <<<", "info", ">>> ready <<<", { time: "2026-01-31 12:00:00" }],
  [
    "2026-01-31 12:00:00 WARN type=LOGIN, user=ann, error=no_user",
    "warning",
    "type=LOGIN, user=ann, error=no_user",
    { time: "2026-01-31 12:00:00" },
  ],
  ["2026-01-31 12:00:00 [ INFO] 4711 : paid", "info", "paid", { time: "2026-01-31 12:00:00", pid: 4711 }],
  ["2026-01-31 12:00:00 INFO 4711 items", "info", "4711 items", { time: "2026-01-31 12:00:00" }],
  ["<4>Shop.Web.Cart[14] slow", "warning", "slow", { logger: "Shop.Web.Cart", event_id: 14 }],
  ["12:00:00 ERROR data.items[7] is null", "error", "data.items[7] is null", { time: "12:00:00" }],
  ["40(3246) INFO: ready", "info", "ready", { pid: 3246 }],
  ["40(3246) ready", "info", "40(3246) ready"],
  ["PHP Deprecated:  old", "warning", "PHP Deprecated:  old"],
  ["[ Info: ready", "info", "ready"],
  ["┌ Warning: slow", "warning", "slow"],
  ["error(cart): failed", "error", "failed"],
  ["error(3): failed", "error", "failed"],
  ["shop: [ERROR] failed", "error", "failed", { logger: "shop" }],
  ["2026-01-31 12:00:00 [Debug#SQL] asked", "debug", "asked", { time: "2026-01-31 12:00:00", logger: "SQL" }],
  [
    "E, [31/Jan/2026 12:00:00 #7] ERROR -- cart: failed",
    "error",
    "failed",
    { time: "31/Jan/2026 12:00:00", pid: 7, logger: "cart" },
  ],
  [
    "7:signal-handler (1795988863) Received SIGTERM",
    "info",
    "Received SIGTERM",
    { time: "1795988863", pid: 7 },
  ],
  ["shop.cart WARNING slow", "warning", "slow", { logger: "shop.cart" }],
  ["cart WARNING slow", "info", "cart WARNING slow"],
  ["2026-01-31 12:00:00 HTTP/1.1 200 OK", "info", "HTTP/1.1 200 OK", { time: "2026-01-31 12:00:00" }],
  ["Error: handler, error", "error", "Error: handler, error"],
  ["<b>bold</b> text", "info", "<b>bold</b> text"],
  ["== done ==", "info", "== done =="],
  ["<6>[7] [w] slow", "warning", "slow", { pid: 7 }],
  [
    "2026-01-31 12:00:00 stored [NOTICE] (a.py:3)",
    "info",
    "stored",
    { time: "2026-01-31 12:00:00", source: "a.py:3" },
  ],
  [
    "2026-01-31 12:00:00.123 INFO [shop,4bf92f3577b34da6a3ce929d0e0e4736,00f067aa0ba902b7] 1 --- [main] c.s.Cart : paid",
    "info",
    "paid",
    {
      time: "2026-01-31 12:00:00.123",
      app: "shop",
      trace_id: "4bf92f3577b34da6a3ce929d0e0e4736",
      span_id: "00f067aa0ba902b7",
      pid: 1,
      thread: "main",
      logger: "c.s.Cart",
    },
  ],
  [
    "12:00:00.123 [main] INFO com.shop.Cart: paid",
    "info",
    "paid",
    { time: "12:00:00.123", thread: "main", logger: "com.shop.Cart" },
  ],
  [
    "2026-01-31 12:00:00,123:INFO:shop.cart:paid: 7",
    "info",
    "paid: 7",
    { time: "2026-01-31 12:00:00,123", logger: "shop.cart" },
  ],
  [
    "2026-01-31 12:00:00,123:shop.cart:WARNING:slow",
    "warning",
    "slow",
    { time: "2026-01-31 12:00:00,123", logger: "shop.cart" },
  ],
  [
    "2026-01-31 12:00:00.123:INFO:oejs.Server:main: Started @714ms",
    "info",
    "Started @714ms",
    { time: "2026-01-31 12:00:00.123", logger: "oejs.Server", thread: "main" },
  ],
  [
    '2026-01-31T12:00:00Z  INFO request{method=GET id=7}:db{table="orders"}: shop: asked',
    "info",
    "asked",
    {
      time: "2026-01-31T12:00:00Z",
      method: "GET",
      id: 7,
      table: "orders",
      span: "request:db",
      logger: "shop",
    },
  ],
  [
    "2026-01-31 12:00:00 | WARN | main | req-77 | Cart | slow",
    "warning",
    "slow",
    { time: "2026-01-31 12:00:00", thread: "main", request_id: "req-77", logger: "Cart" },
  ],
  [
    "[12:00:00.123] INFO (shop/7 on web1): paid",
    "info",
    "paid",
    { time: "12:00:00.123", logger: "shop", pid: 7, host: "web1" },
  ],
  [
    "INFO 2026-01-31 12:00:00,123 views 7 140009291920064 paid",
    "info",
    "paid",
    { time: "2026-01-31 12:00:00,123", logger: "views", pid: 7, thread: "140009291920064" },
  ],
  ["2026-01-31 12:00:00 version: N/A yet", "info", "version: N/A yet", { time: "2026-01-31 12:00:00" }],
  [
    "[2026-01-31T12:00:00Z DEBUG shop::cart] asked",
    "debug",
    "asked",
    { time: "2026-01-31T12:00:00Z", logger: "shop::cart" },
  ],
  [
    "2026-01-31T12:00:00.123456Z  TRACE shop: asked",
    "trace",
    "asked",
    { time: "2026-01-31T12:00:00.123456Z", logger: "shop" },
  ],
  [
    "2026-01-31T12:00:00.123Z\tWARN\tcart.go:12\tslow",
    "warning",
    "slow",
    { time: "2026-01-31T12:00:00.123Z", source: "cart.go:12" },
  ],
  ["2026-01-31T12:00:00Z FTL cannot start", "critical", "cannot start", { time: "2026-01-31T12:00:00Z" }],
  ["12:00PM ERR failed error=x", "error", "failed error=x", { time: "12:00PM", error: "x" }],
  [
    "2026-01-31T12:00:00.123456Z 0 [Warning] [MY-010068] [Server] CA is self signed.",
    "warning",
    "CA is self signed.",
    { time: "2026-01-31T12:00:00.123456Z", pid: 0, code: "MY-010068", logger: "Server" },
  ],
  [
    "2026-01-31  4:00:00 0 [Note] Using io_uring",
    "info",
    "Using io_uring",
    { time: "2026-01-31  4:00:00", pid: 0 },
  ],
  [
    "2026-01-31 12:00:00.123 [error] <0.1.0> crashed",
    "error",
    "crashed",
    { time: "2026-01-31 12:00:00.123", pid: "0.1.0" },
  ],
  [
    "[2026-01-31 12:00:00,123: ERROR/MainProcess] Task failed",
    "error",
    "Task failed",
    { time: "2026-01-31 12:00:00,123", thread: "MainProcess" },
  ],
  [
    "[Nest] 7  - 01/31/2026, 12:00:00 PM    WARN [Cart] slow",
    "warning",
    "slow",
    { time: "01/31/2026, 12:00:00 PM", pid: 7, program: "Nest", logger: "Cart" },
  ],
  [
    "[W 2026-01-31 12:00:00.123 ServerApp] slow",
    "warning",
    "slow",
    { time: "2026-01-31 12:00:00.123", logger: "ServerApp" },
  ],
  [
    "[I 261129 04:18:02 web:2271] 12 asked",
    "info",
    "12 asked",
    { time: "261129 04:18:02", logger: "web:2271" },
  ],
  ["2026-01-31 12:00:00 GET /ERROR/x", "info", "GET /ERROR/x", { time: "2026-01-31 12:00:00" }],
  [" WARN  deprecated", "warning", "deprecated"],
  ["[cart]  WARN  low", "warning", "low", { logger: "cart" }],
  ["✖ cannot pay", "error", "cannot pay"],
  [
    "Jan 31 12:00:00 imap(ann): Error: no access",
    "error",
    "no access",
    { time: "Jan 31 12:00:00", logger: "imap(ann)" },
  ],
  [
    "Jan 31 12:00:00 master: Warning: stopping",
    "warning",
    "stopping",
    { time: "Jan 31 12:00:00", logger: "master" },
  ],
  ["[12:00:00.123Z] INFO  $NODE: ready", "info", "ready", { time: "12:00:00.123Z", logger: "$NODE" }],
  [
    "Sat Jan 31 12:00:00 2026 : Info: Starting - reading files",
    "info",
    "Starting - reading files",
    { time: "Sat Jan 31 12:00:00 2026" },
  ],
  ["emergency: no disk", "critical", "no disk"],
  [
    "   INFO 2026-01-31 12:00:00.123456 [  main ] ready",
    "info",
    "ready",
    { time: "2026-01-31 12:00:00.123456", thread: "main" },
  ],
  [" warn: low", "warning", "low"],
  [" Error      cannot pay", "error", "cannot pay"],
  ["cart                error\tcannot pay", "error", "cannot pay", { logger: "cart" }],
  ["2026/01/31-12:00:00 ready", "info", "ready", { time: "2026/01/31-12:00:00" }],
  [
    "Jan 31 12:00:00 msg=paid level=warn order=7",
    "warning",
    "paid",
    { time: "Jan 31 12:00:00", msg: "paid", level: "warn", order: 7 },
  ],
  ["[API7] 12:00:00 INFO: ready", "info", "ready", { logger: "API7", time: "12:00:00" }],
  [
    "2026-01-31 12:00:00 +0000 App: #<RuntimeError: kaboom>",
    "error",
    "App: #<RuntimeError: kaboom>",
    { time: "2026-01-31 12:00:00 +0000" },
  ],
  ["⚠ slow", "warning", "slow"],
  ["ℹ ready", "info", "ready"],
  ["[!] cannot pay", "error", "cannot pay"],
  ["<3>cannot pay", "error", "cannot pay"],
  ["ERR! cart failed", "error", "cart failed"],
  [
    'ERRO[0004] payment failed     error="no route" order=7',
    "error",
    "payment failed",
    { elapsed: 4, error: "no route", order: 7 },
  ],
  ["FATA[0005] giving up", "critical", "giving up", { elapsed: 5 }],
  ["WARN[0003] cache is slow", "warning", "cache is slow", { elapsed: 3 }],
  ["TRAC[2026-11-29T04:20:10Z] a line", "trace", "a line", { time: "2026-11-29T04:20:10Z" }],
  [
    '2026-11-29T09:00:00.000Z\tERROR\tmain.go:56\tfailed\t{"order": 7}',
    "error",
    "failed",
    { time: "2026-11-29T09:00:00.000Z", source: "main.go:56", order: 7 },
  ],
  [
    "2026-11-29T09:00:00.123456+01:00 host01 sshd[812]: Failed password for root from 203.0.113.9 port 22 ssh2",
    "info",
    "Failed password for root from 203.0.113.9 port 22 ssh2",
    { time: "2026-11-29T09:00:00.123456+01:00", host: "host01", program: "sshd", pid: 812 },
  ],
  [
    "2026-11-29T09:00:00.123456+01:00 host01 kernel: eth0: link up",
    "info",
    "eth0: link up",
    { time: "2026-11-29T09:00:00.123456+01:00", host: "host01", program: "kernel" },
  ],
  [
    "2026-11-29 04:22:33.630605 I | etcdmain: etcd Version",
    "info",
    "etcd Version",
    { time: "2026-11-29 04:22:33.630605", logger: "etcdmain" },
  ],
  [
    "raft2026/11/29 04:22:33 INFO: became leader",
    "info",
    "became leader",
    { time: "2026/11/29 04:22:33", logger: "raft" },
  ],
  ["2026/11/29 04:27:43| ALERT: no space", "critical", "no space", { time: "2026/11/29 04:27:43" }],
  ["[29-Nov-2026 04:24:45] NOTICE: ready", "info", "ready", { time: "29-Nov-2026 04:24:45" }],
  [
    "29-Nov-2026 04:27:40.391 general: info: ready",
    "info",
    "ready",
    { time: "29-Nov-2026 04:27:40.391", logger: "general" },
  ],
  ["[Sun Nov 29 04:24:43 2026] started", "info", "started", { time: "Sun Nov 29 04:24:43 2026" }],
  ["Sun Nov 29 04:24:43 2026 : Error: no secret", "error", "no secret", { time: "Sun Nov 29 04:24:43 2026" }],
  ["1795925697: mosquitto running", "info", "mosquitto running", { time: "1795925697" }],
  [
    "2026-11-29T04:26:50.857Z pid=11855 tid=8r7 WARN: careful",
    "warning",
    "careful",
    { time: "2026-11-29T04:26:50.857Z", pid: 11855, tid: "8r7" },
  ],
  [
    '[2026-11-29T04:24:42.047764+00:00] shop.DEBUG: paid {"order":7} []',
    "debug",
    "paid",
    { time: "2026-11-29T04:24:42.047764+00:00", logger: "shop", order: 7 },
  ],
  [
    "2026-11-29 04:28:00,879 - INFO  [main:QuorumPeerConfig@177] - Reading configuration",
    "info",
    "Reading configuration",
    { time: "2026-11-29 04:28:00,879", logger: "main:QuorumPeerConfig@177" },
  ],
  [
    "[2026-11-29T04:28:00,879][INFO ][o.e.n.Node              ] [node-1] starting",
    "info",
    "starting",
    { time: "2026-11-29T04:28:00,879", program: "o.e.n.Node", logger: "node-1" },
  ],
  [
    "2026-11-29 04:16:14 [scrapy.core.engine] INFO: Spider opened",
    "info",
    "Spider opened",
    { time: "2026-11-29 04:16:14", logger: "scrapy.core.engine" },
  ],
  ["[04:16:14] [Server thread/INFO]: Done", "info", "Done", { time: "04:16:14", thread: "Server thread" }],
  [
    "2026-11-29 09:00:00.1234|INFO|Shop.Cart|paid",
    "info",
    "paid",
    { time: "2026-11-29 09:00:00.1234", logger: "Shop.Cart" },
  ],
  [
    "[7] 2026/11/29 04:20:13.375181 [INF] Server is ready",
    "info",
    "Server is ready",
    { time: "2026/11/29 04:20:13.375181", pid: 7 },
  ],
  ["[12:00:00 ERR] cannot pay", "error", "cannot pay", { time: "12:00:00" }],
  ["2026-01-31 12:00:00 오류: cannot pay", "error", "cannot pay", { time: "2026-01-31 12:00:00" }],
  ["2026-01-31 12:00:00 WARNUNG: slow", "warning", "slow", { time: "2026-01-31 12:00:00" }],
  [
    '2026-11-29 04:23:24 CET [4711]: user=app,db=shop,app=[unknown],client=10.0.0.7 ERROR:  relation "x" does not exist at character 15',
    "error",
    'relation "x" does not exist at character 15',
    { time: "2026-11-29 04:23:24 CET", pid: 4711, user: "app", database: "shop", client: "10.0.0.7" },
  ],
  [
    '2026-11-29 04:23:18.019 UTC,"ann","shop",7,"[local]",6b0.7,4,"SELECT",2026-11-29 04:23:18 UTC,3/2,0,ERROR,22012,"division by ""zero""",,,,,,"select\n1/0",,,"psql","client backend",,0',
    "error",
    'division by "zero"',
    {
      time: "2026-11-29 04:23:18.019 UTC",
      user: "ann",
      database: "shop",
      pid: 7,
      client: "[local]",
      session: "6b0.7",
      command: "SELECT",
      code: "22012",
      query: "select\n1/0",
      app: "psql",
      backend: "client backend",
    },
  ],
  ["level=error items[0]=5 msg=x", "error", "x", { level: "error", "items[0]": 5, msg: "x" }],
];

/** Text that only looks like a head, or whose words would be damaged. */
const prose: readonly string[] = [
  "2026-01-31 the word ERRORS",
  "error opening file",
  "notice that it is late",
  "http server started",
  "[a] one",
  "[1/3] building",
  "10 items were sold",
  "info(7) is a function",
  "shop: [a] one",
  "404 ERRORS were counted",
  "Got ERROR from the bank",
  "(I) like it",
  "cart DEBUG=1 was set",
  "11-29 items are left",
  "Error: x",
  "ERRORS were counted",
];

const understand = createUnderstand();

describe("the head of a line", () => {
  for (const [text, level, message, data] of rows) {
    it(text, () => {
      const record = understand(sampleLine(text), sampleContainer());
      expect([record.level, record.message, record.data]).toEqual([level, message, data]);
    });
  }

  it.each(prose)("is not found in: %s", (text) => {
    expect(understand(sampleLine(text), sampleContainer()).message).toBe(text);
  });

  it("leaves a first word to the message where the container's lines have no logger there", () => {
    const text = "2026-11-29 04:39:11,998 INFO spawnerr: can't find command";
    const learned = { kind: "dated", score: 4, named: 0, unnamed: 2, column: 24 };
    const message = (over: object) => understand({ ...sampleLine(text), ...over }, sampleContainer()).message;
    expect(message({ learned })).toBe("spawnerr: can't find command");
    expect(message({ learned: { ...learned, named: 16, unnamed: 1 } })).toBe("can't find command");
  });
});
