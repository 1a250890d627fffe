import { describe, expect, it } from "vitest";
import type { Container } from "../../src/core/container.js";
import type { StreamName } from "../../src/core/line.js";
import type { LogRecord } from "../../src/core/record.js";
import { createUnderstand } from "../../src/records/understand.js";
import { sampleContainer, sampleLine } from "./samples.js";

const understand = createUnderstand();

function read(
  text: string,
  stream: StreamName = "stdout",
  container: Container = sampleContainer(),
): LogRecord {
  return understand(sampleLine(text, stream), container);
}

describe("the v1.0 shape", () => {
  const text =
    '{"timestamp":"2026-01-31T12:00:00Z","category":"training","level":"WARNING","component":"onnx_sentiment","event_type":"inference","message":"done","metadata":{"confidence":0.85},"tags":["a","b"]}';

  it("takes each field as said and the category as a wish", () => {
    expect(read(text)).toMatchObject({
      level: "warning",
      component: "onnx_sentiment",
      event_type: "inference",
      message: "done",
      tags: ["a", "b"],
      wish: "training",
      ts: "2026-01-31T12:00:00.123456789Z",
      text,
      dataText: text,
      data: { metadata: { confidence: 0.85 } },
    });
  });

  it("takes no category that is none of the four", () => {
    expect(read('{"category":"other","message":"x"}').wish).toBeUndefined();
  });
});

it("an app can't say what the sidecar alone says: its event type is renamed, and told of", () => {
  let told = 0;
  const careful = createUnderstand({ onOwnEvent: () => told++ });
  const text = '{"event_type":"log_sidecar.gap","from":"a"}';
  expect(careful(sampleLine(text), sampleContainer())).toMatchObject({
    event_type: "app.log_sidecar.gap",
    dataText: text,
  });
  expect(careful(sampleLine('{"event_type":"log_sidecars"}'), sampleContainer()).event_type).toBe(
    "log_sidecars",
  );
  expect(told).toBe(1);
});

describe("component", () => {
  const said = '{"component":"said","message":"x"}';

  it("is the label's, else the record's own, else the container's", () => {
    expect(read(said, "stdout", sampleContainer({ componentLabel: "label" })).component).toBe("label");
    expect(read(said).component).toBe("said");
    expect(read('{"message":"x"}').component).toBe("api");
    expect(read("text").component).toBe("api");
  });

  it("is no logger's name and no name of absurd length", () => {
    expect(read('{"logger":"uvicorn.access","message":"x"}').component).toBe("api");
    expect(read(JSON.stringify({ component: "x".repeat(201) })).component).toBe("api");
  });

  it("may stand under service, service.name, app or in a service object", () => {
    expect(read('{"service":"s"}').component).toBe("s");
    expect(read('{"service.name":"s"}').component).toBe("s");
    expect(read('{"service":{"name":"s"}}').component).toBe("s");
    expect(read('{"app":"s"}').component).toBe("s");
    expect(read('{"service":{"id":3}}').component).toBe("api");
  });
});

describe("text without a level", () => {
  it.each([
    ["listening on 8080", "stdout", "info"],
    ["listening on 8080", "stderr", "info"],
    ["error opening file", "stderr", "error"],
    ["error opening file", "stdout", "info"],
    ["[system] failed to load module", "stderr", "error"],
    ["@shop/core: Failed to resolve './cart.js'", "stderr", "error"],
    ["   Error: unknown tag", "stderr", "error"],
    ["    error = True", "stderr", "info"],
    ["Fatal: cannot start", "stdout", "critical"],
    [
      'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nValueError: x',
      "stderr",
      "error",
    ],
    [
      'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nValueError: x',
      "stdout",
      "error",
    ],
    ["ValueError: x", "stdout", "error"],
    ["errors: none found", "stdout", "info"],
    ["0 errors", "stderr", "info"],
  ] as const)("%s on %s is %s", (text, stream, level) => {
    expect(read(text, stream).level).toBe(level);
  });
});

describe("odd lines", () => {
  it.each([
    ["an empty line", "", ""],
    ["broken JSON", '{"a":', '{"a":'],
    ["a cut JSON line", '{"a":"b', '{"a":"b'],
    ["an array", "[1,2]", "[1,2]"],
    ["a JSON string", '"x"', '"x"'],
    ["a number", "42", "42"],
    ["null", "null", "null"],
    ["a Python dict", "{'a': 1}", "{'a': 1}"],
    ["two objects", '{"a":1} {"b":2}', '{"a":1} {"b":2}'],
    ["a NUL byte", "a\u0000b", "a\u0000b"],
    ["a lone brace", "{", "{"],
  ])("%s is text", (_, text, message) => {
    const record = read(text);
    expect(record.message).toBe(message);
    expect(record.data).toBeUndefined();
    expect(record.dataText).toBeUndefined();
    expect(record.text).toBe(text);
  });

  it("keeps JSON nested 200 deep and makes text of what is deeper, even by 100,000", () => {
    const nested = (depth: number) => `{"a":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
    expect(read(nested(200)).dataText).toBe(nested(200));
    expect(read(nested(201)).data).toBeUndefined();
    expect(read(nested(100_000)).message).toBe(nested(100_000));
    const wide = JSON.stringify({ a: Array.from({ length: 500 }, () => ({})) });
    expect(read(wide).dataText).toBe(wide);
    const quoted = JSON.stringify({ a: '\\"[{'.repeat(500) });
    expect(read(quoted).dataText).toBe(quoted);
  });

  it("makes text of numbers that Python's json refuses", () => {
    expect(read(`{"n":${"1".repeat(4300)}}`).data).toBeDefined();
    expect(read(`{"n":${"1".repeat(4301)}}`).data).toBeUndefined();
    expect(read(`{"n":"${"1".repeat(5000)}"}`).data).toBeDefined();
  });

  it("leaves prototypes alone", () => {
    const text =
      '{"__proto__":{"level":"error","polluted":1},"constructor":{"prototype":{"x":1}},"message":"m"}';
    const record = read(text);
    expect(record).toMatchObject({ level: "info", message: "m", dataText: text });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(record.data)).toBe(Object.prototype);
  });

  it("takes the last of duplicate keys and writes both as the app did", () => {
    const text = '{"level":"info","level":"error","n":1e999}';
    expect(read(text)).toMatchObject({ level: "error", dataText: text });
  });

  it("gives Python's NaN and Infinity to JSON as null, outside strings only", () => {
    expect(read('{"message":"NaN \\" Infinity","loss":NaN,"a":[-Infinity,Infinity]}')).toMatchObject({
      message: 'NaN " Infinity',
      dataText: '{"message":"NaN \\" Infinity","loss":null,"a":[null,null]}',
      data: { loss: null, a: [null, null] },
    });
    expect(read('{"loss":NaN').data).toBeUndefined();
  });

  it("trims space and byte order marks around JSON", () => {
    expect(read('\ufeff  {"message":"m"} \r').dataText).toBe('{"message":"m"}');
  });

  it("writes an object of several lines on one", () => {
    expect(read('{\n  "level": "error",\n  "a": 1\n}')).toMatchObject({
      level: "error",
      dataText: '{"level":"error","a":1}',
    });
  });

  it("takes colours out of the message and leaves the data as it was", () => {
    const text = '{"level":"\\u001b[32minfo\\u001b[39m","message":"\\u001b[1mbold\\u001b[0m"}';
    expect(read(text)).toMatchObject({ level: "info", message: "bold", dataText: text });
    expect(read("\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007").message).toBe(
      "red link",
    );
    expect(read('\u001b[32m{"message":"m"}\u001b[0m').dataText).toBe('{"message":"m"}');
    expect(read("Error: x\n\u001b[90m    at async open (node:fs:637:25)\u001b[39m")).toMatchObject({
      level: "error",
      text: "Error: x\n    at async open (node:fs:637:25)",
    });
  });

  it("shows a progress bar's last state, and other carriage returns as they are", () => {
    expect(read("  0%|   | 0/2\r 50%|=  | 1/2\r100%|== | 2/2").message).toBe("100%|== | 2/2");
    expect(read("user=a\radmin=b").message).toBe("user=a\radmin=b");
    expect(read("dos line\r").message).toBe("dos line");
  });

  it("writes a message that is no text as JSON", () => {
    expect(read('{"message":{"a":[1]}}').message).toBe('{"a":[1]}');
    expect(read('{"msg":5}').message).toBe("5");
    expect(read('{"message":null,"msg":"x"}').message).toBe("x");
  });

  it("leaves absurd levels, types and tags in the data only", () => {
    const long = "x".repeat(300);
    const record = read(JSON.stringify({ level: long, event_type: long, tags: [long, 5, "ok", ""] }));
    expect(record).toMatchObject({ level: "info", event_type: undefined, tags: ["ok"] });
    expect(read('{"level":{"a":1},"event_type":7,"tags":{},"component":false}')).toMatchObject({
      level: "info",
      event_type: undefined,
      tags: undefined,
      component: "api",
    });
  });

  it("understands a line of 1 MB", () => {
    const text = JSON.stringify({ level: "error", message: "m".repeat(1_000_000) });
    expect(read(text).level).toBe("error");
    expect(read("m ".repeat(500_000)).message).toHaveLength(999_999);
  });
});

describe("the format of a container", () => {
  it("leaves everything as text when it is plain", () => {
    const record = read('{"level":"error"}', "stdout", sampleContainer({ format: "plain" }));
    expect(record).toMatchObject({ level: "info", message: '{"level":"error"}', data: undefined });
  });

  it("is complained of once when it names no shape", () => {
    const bad: string[] = [];
    const own = createUnderstand({ onBadFormat: (_, format) => bad.push(format) });
    const container = sampleContainer({ format: "cobol" });
    expect(own(sampleLine("ERROR:root:x"), container).level).toBe("error");
    own(sampleLine("x"), container);
    expect(bad).toEqual(["cobol"]);
  });
});
