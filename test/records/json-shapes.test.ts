import { describe, expect, it } from "vitest";
import type { LogRecord } from "../../src/core/record.js";
import { createUnderstand } from "../../src/records/understand.js";
import { captured } from "./captured.js";
import { sampleContainer, sampleLine } from "./samples.js";

type Expected = readonly [level: string, component: string, event_type: string | undefined, message: string];

function read(text: string): LogRecord {
  const record = createUnderstand()(sampleLine(text), sampleContainer());
  expect(record.dataText).toBe(text);
  return record;
}

function said(text: string): Expected {
  const record = read(text);
  return [record.level, record.component, record.event_type, record.message ?? ""];
}

const six = ["trace", "debug", "info", "warning", "error", "critical"] as const;
const words = ["trace", "debug", "info", "warn", "error", "fatal"];

describe("lines that programs printed", () => {
  it("pino", () => {
    const lines = captured("lines/pino").sort();
    const numbered = lines.filter((line) => line.includes('"order":7'));
    expect(numbered.map(said)).toEqual(
      six.map((level, at) => [level, "shop", undefined, `a ${words[at]} line`]),
    );
    const others = lines.filter((line) => !line.includes('"order":7')).map(said);
    expect(others).toContainEqual(["error", "shop", undefined, "boom"]);
    expect(others).toContainEqual(["info", "cart", undefined, "from a child"]);
    expect(others).toContainEqual(["warning", "api", undefined, "with a word"]);
    expect(others).toHaveLength(3);
  });

  it("bunyan", () => {
    const expected = six.map((level, at) => [level, "shop", undefined, `a ${words[at]} line`]);
    expect(captured("lines/bunyan").map(said)).toEqual([...expected, ["error", "shop", undefined, "boom"]]);
  });

  it("winston", () => {
    const lines = captured("lines/winston").slice(0, 8).map(said);
    const levels = ["trace", "debug", "debug", "info", "info", "warning", "error", "warning"];
    expect(lines.map(([level]) => level)).toEqual(levels);
    expect(lines.map(([, , , message]) => message)).toEqual([
      ...["silly", "debug", "verbose", "http", "info", "warn", "error"].map((word) => `a ${word} line`),
      "coloured",
    ]);
  });

  it("Caddy, and zap's production logger", () => {
    const caddy = captured("lines/caddy").map(said);
    expect(caddy.map(([level]) => level)).toEqual([
      ...["info", "warning", "warning", "warning", "info", "info", "info", "info", "info", "info"],
      ...["info", "error", "info", "info", "warning", "info", "info"],
    ]);
    expect(caddy[11]).toEqual(["error", "api", undefined, "handled request"]);
    expect(captured("lines/zap").slice(13).map(said)).toEqual([
      ["info", "api", undefined, "a line"],
      ["warning", "api", undefined, "a warning"],
      ["error", "api", undefined, "failed"],
      ["info", "api", undefined, "going on"],
    ]);
  });

  it("structlog: the event is the message, and its type when it is one word", () => {
    expect(captured("lines/structlog").slice(0, 5).map(said)).toEqual([
      ["debug", "api", "cache_miss", "cache_miss"],
      ["info", "api", undefined, "user logged in"],
      ["warning", "api", "disk_low", "disk_low"],
      ["critical", "api", "gone", "gone"],
      ["error", "api", "failed", "failed"],
    ]);
  });

  it("python-json-logger: a logger's name is no component", () => {
    expect(captured("lines/python-json-logger").map(said)).toEqual([
      ["debug", "api", undefined, "a debug line"],
      ["info", "api", "order_paid", "a line"],
      ["warning", "api", undefined, "a warning"],
      ["critical", "api", undefined, "gone"],
      ["error", "api", undefined, "failed"],
      ["error", "api", undefined, "by number"],
    ]);
  });
});

describe("lines from the programs' documents", () => {
  it.each<readonly [string, string, Expected]>([
    [
      "zap",
      '{"level":"dpanic","ts":1257894000.5,"caller":"a/b.go:7","msg":"failed","url":"http://x","attempt":3}',
      ["critical", "api", undefined, "failed"],
    ],
    [
      "logrus",
      '{"animal":"walrus","level":"warning","msg":"The group is large","time":"2014-03-10T19:57:38Z"}',
      ["warning", "api", undefined, "The group is large"],
    ],
    [
      "slog",
      '{"time":"2022-11-08T15:28:26Z","level":"ERROR+2","msg":"hello","count":3}',
      ["error", "api", undefined, "hello"],
    ],
    [
      "slog's numbers",
      '{"time":"2022-11-08T15:28:26Z","level":-4,"msg":"hello"}',
      ["debug", "api", undefined, "hello"],
    ],
    [
      "zerolog",
      '{"level":"panic","time":1516134303,"message":"hello world"}',
      ["critical", "api", undefined, "hello world"],
    ],
    [
      "Serilog, rendered",
      '{"@t":"2016-06-07T03:44:57.8532799Z","@m":"Hello, \\"nblumhardt\\"","@i":"7a8b9c0d","@l":"Fatal","User":"nblumhardt"}',
      ["critical", "api", undefined, 'Hello, "nblumhardt"'],
    ],
    [
      "Serilog, a template without a level",
      '{"@t":"2016-06-07T03:44:57.8532799Z","@mt":"Hello, {User} {@Order,5:x} {Missing}","User":"ann","Order":{"Id":7}}',
      ["info", "api", undefined, 'Hello, ann {"Id":7} {Missing}'],
    ],
    [
      ".NET's console",
      '{"EventId":1,"LogLevel":"Warning","Category":"Shop.Cart","Message":"low","State":{"Message":"low"}}',
      ["warning", "api", undefined, "low"],
    ],
    [
      "logback with logstash-encoder",
      '{"@timestamp":"2019-11-03T10:15:30.123+01:00","@version":"1","message":"hi","logger_name":"org.company.stack","thread_name":"main","level":"WARN","level_value":30000}',
      ["warning", "api", undefined, "hi"],
    ],
    [
      "MongoDB",
      '{"t":{"$date":"2020-05-01T15:16:17.180+00:00"},"s":"W","c":"NETWORK","id":12345,"ctx":"listener","msg":"Listening on","attr":{"address":"127.0.0.1"}}',
      ["warning", "api", undefined, "Listening on"],
    ],
    ["no MongoDB", '{"s":"E","msg":"wind"}', ["info", "api", undefined, "wind"]],
    [
      "Caddy",
      '{"level":"error","ts":1646861401.5,"logger":"http.log.access","msg":"handled request","request":{"method":"GET"},"status":502}',
      ["error", "api", undefined, "handled request"],
    ],
    [
      "ECS, dotted",
      '{"@timestamp":"2021-01-01T00:00:00Z","log.level":"ERROR","message":"m","service.name":"shop","event.action":"user-login","ecs.version":"1.2.0"}',
      ["error", "shop", "user-login", "m"],
    ],
    [
      "ECS, nested",
      '{"log":{"level":"debug"},"message":"m","service":{"name":"shop"},"event":{"action":"user-login","kind":"event"}}',
      ["debug", "shop", "user-login", "m"],
    ],
    [
      "Monolog",
      '{"message":"m","context":{},"level":550,"level_name":"ALERT","channel":"app"}',
      ["critical", "api", undefined, "m"],
    ],
    [
      "Monolog without a name",
      '{"message":"m","level":300,"channel":"app"}',
      ["warning", "api", undefined, "m"],
    ],
    ["GELF", '{"version":"1.1","host":"h","short_message":"m","level":3}', ["error", "api", undefined, "m"]],
    [
      "GELF's emergency",
      '{"version":"1.1","host":"h","level":0,"short_message":"m"}',
      ["critical", "api", undefined, "m"],
    ],
    [
      "systemd's journal",
      '{"PRIORITY":"4","MESSAGE":"low","SYSLOG_IDENTIFIER":"cron","_PID":"1"}',
      ["warning", "cron", undefined, "low"],
    ],
    [
      "OpenTelemetry",
      '{"severityNumber":17,"body":"failed","attributes":{}}',
      ["error", "api", undefined, "failed"],
    ],
    ["Google Cloud", '{"severity":"EMERGENCY","message":"m"}', ["critical", "api", undefined, "m"]],
    [
      "a message of its own beside structlog's event",
      '{"event":"login_failed","message":"no"}',
      ["info", "api", "login_failed", "no"],
    ],
    [
      "an entry of Docker's log",
      '{"log":"hello\\n","stream":"stderr","time":"2026-01-31T12:00:00.5Z"}',
      ["info", "api", undefined, "hello\n"],
    ],
    [
      "hclog",
      '{"@level":"warn","@message":"careful","@module":"x"}',
      ["warning", "api", undefined, "careful"],
    ],
    [
      "PostgreSQL's jsonlog",
      '{"timestamp":"2026-11-29 09:00:00.123 UTC","pid":26,"session_id":"692a7b3c.1a","error_severity":"FATAL","message":"gone"}',
      ["critical", "api", undefined, "gone"],
    ],
    [
      "loguru, serialized",
      '{"text":"2026 | ERROR | boom\\n","record":{"level":{"name":"ERROR","no":40},"message":"boom"}}',
      ["error", "api", undefined, "boom"],
    ],
    ["roarr", '{"context":{"logLevel":40},"message":"m","sequence":"0"}', ["warning", "api", undefined, "m"]],
    [
      "a level that is an object",
      '{"level":{"levelStr":"ERROR","level":40000},"msg":"m"}',
      ["error", "api", undefined, "m"],
    ],
    [
      "tslog",
      '{"0":"careful","1":{"order":7},"_meta":{"logLevelId":4,"logLevelName":"WARN"}}',
      ["warning", "api", undefined, "careful"],
    ],
    [
      "winston's logstash format",
      '{"@fields":{"level":"warn","order":7},"@message":"low"}',
      ["warning", "api", undefined, "low"],
    ],
    [
      "Rust's tracing",
      '{"timestamp":"2026-11-29T09:00:00Z","level":"WARN","fields":{"message":"low","left":3},"target":"shop"}',
      ["warning", "api", undefined, "low"],
    ],
    [
      "all of it below one key",
      '{"log":{"level":"error","msg":"deep"}}',
      ["error", "api", undefined, "deep"],
    ],
    ["logback's value alone", '{"message":"m","level_value":30000}', ["warning", "api", undefined, "m"]],
    ["OTLP", '{"severityNumber":13,"body":{"stringValue":"low"}}', ["warning", "api", undefined, "low"]],
    ["OpenTelemetry's numbers", '{"level":17,"message":"m"}', ["error", "api", undefined, "m"]],
    [
      "syslog's numbers",
      '{"level":3,"message":"m","timestamp":"2026-11-29"}',
      ["error", "api", undefined, "m"],
    ],
    ["a player's level", '{"level":3,"player":"bob"}', ["info", "api", undefined, ""]],
    ["Google Cloud's numbers", '{"severity":500,"message":"m"}', ["error", "api", undefined, "m"]],
    [
      "Datadog's status",
      '{"ddsource":"go","status":"error","message":"m"}',
      ["error", "api", undefined, "m"],
    ],
    ["an order's status", '{"status":"error","message":"m"}', ["info", "api", undefined, "m"]],
    [
      "an error and nothing else",
      '{"level":"error","err":{"type":"Error","message":"boom"}}',
      ["error", "api", undefined, "boom"],
    ],
    [
      "Serilog, a template with renderings and braces",
      '{"@t":"2026-11-29T09:00:00Z","@mt":"{{{Name}}} in {Elapsed:0.0000} ms","@r":["12.3457"],"Name":"x","Elapsed":12.345678}',
      ["info", "api", undefined, "{x} in 12.3457 ms"],
    ],
    [
      "Serilog's older form",
      '{"Level":"Error","MessageTemplate":"order {Id} failed","RenderedMessage":"order 7 failed","Properties":{"Id":7}}',
      ["error", "api", undefined, "order 7 failed"],
    ],
    [
      "the same without its rendering",
      '{"Level":"Error","MessageTemplate":"order {Id} failed","Properties":{"Id":7}}',
      ["error", "api", undefined, "order 7 failed"],
    ],
    ["nginx' own recipe", '{"request":"GET /x HTTP/1.1","status":"502"}', ["error", "api", undefined, ""]],
    [
      "a request that failed, in a line that says info",
      '{"level":30,"time":1,"pid":2,"req":{"method":"GET","url":"/"},"res":{"statusCode":500},"msg":"request completed"}',
      ["error", "api", undefined, "request completed"],
    ],
    [
      "a warning of a request",
      '{"level":"warn","method":"GET","status":503,"msg":"again"}',
      ["warning", "api", undefined, "again"],
    ],
    [
      "an access line as the message",
      '{"level":"info","message":"GET /a 500 12.5 ms - 12"}',
      ["error", "api", undefined, "GET /a 500 12.5 ms - 12"],
    ],
    [
      "no access line",
      '{"level":"info","msg":"GET /a in 500 ms"}',
      ["info", "api", undefined, "GET /a in 500 ms"],
    ],
    ["a client's own mistake", '{"method":"GET","path":"/x","status":404}', ["info", "api", undefined, ""]],
    ["500 of something else", '{"msg":"sold","status":500}', ["info", "api", undefined, "sold"]],
    ["nothing that is known", '{"a":1}', ["info", "api", undefined, ""]],
  ])("%s", (_, text, expected) => {
    expect(said(text)).toEqual(expected);
  });

  it("prefers v1.0's names, whatever the order of the keys", () => {
    const text =
      '{"msg":"b","message":"a","severity":"error","level":"debug","type":"y","event_type":"x","app":"q","component":"p"}';
    expect(said(text)).toEqual(["debug", "p", "x", "a"]);
    const reversed = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).reverse()));
    expect(said(reversed)).toEqual(["debug", "p", "x", "a"]);
  });

  it("reads each object by itself, though the last one had other keys", () => {
    const understand = createUnderstand();
    const container = sampleContainer();
    const levels = [
      '{"level":"error","message":"a"}',
      '{"message":"b","level":"debug"}',
      '{"x":1,"lvl":"warn"}',
      '{"x":1}',
    ];
    const records = levels.map((text) => understand(sampleLine(text), container));
    expect(records.map((record) => [record.level, record.message])).toEqual([
      ["error", "a"],
      ["debug", "b"],
      ["warning", undefined],
      ["info", undefined],
    ]);
  });
});
