import fc from "fast-check";

/** Draws one of the values. */
type Draw = <T>(values: readonly T[]) => T;

/** A source of numbers that gives the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LEVELS = ["INFO", "info", "WARNING", "ERROR", "debug", "critical", "30", "fatal", "?"];
const EVENTS = [
  "request",
  "inference",
  "batch_processing",
  "auth_failure",
  "price_anomaly",
  "login",
  "sample",
];
const COMPONENTS = ["api", "onnx_sentiment", "batch_processor", "auth", "../etc", "주문", "a b"];
const TEXTS = [
  "done",
  "GET /api/v1/orders 200",
  "login failed for ann",
  "Login Failed",
  "주문이 거부되었습니다",
  "naïve café ☕ 🙂",
  'tab\tnewline\nquote" backslash\\ slash/',
  "=cmd()",
  "a,b",
  "",
  "-5",
  "key=value",
  '{"level":"error","message":"inner"}',
  "ſlow Kelvin",
  "\u0000\u001f\u007f",
  "password=hunter2",
  "token: abc",
  "card 4111 1111 1111 1111",
  "mail ann@example.com",
  "postgres://u:hunter2@db/x",
  "Bearer abcdefghijklmnop1234",
  "\u001b[31mred\u001b[0m",
  "K".repeat(400),
];
const NUMBERS = [
  "0",
  "1",
  "5",
  "7",
  "-0",
  "-3",
  "0.5",
  "0.50",
  "1.10",
  "1e3",
  "12345678901234567890",
  "0.0000001",
  "4.0",
  "3.25",
];
const SECRETS = ["AKIAABCDEFGHIJKLMNOP", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghijk", "hunter2"];

/** A line as programs print them; now and then one that is nearly that. Without its newline. */
export function randomLine(random: () => number, serial: number): Buffer {
  // The first mostly: lines whose deciding values never come again teach nothing.
  const draw: Draw = (values) => values[random() < 0.7 ? 0 : Math.floor(random() * values.length)]!;
  const share = random();
  if (share < 0.72) return Buffer.from(programLine(random, draw, serial));
  if (share < 0.82) return Buffer.from(textLine(random, serial));
  if (share < 0.92) return Buffer.from(hostileLine(random, draw, serial));
  return mutated(Buffer.from(programLine(random, draw, serial)), random);
}

function programLine(random: () => number, draw: Draw, serial: number): string {
  const number = () => (random() < 0.8 ? (random() * 100).toFixed(Math.floor(random() * 5)) : draw(NUMBERS));
  const text = () =>
    JSON.stringify(random() < 0.6 ? `text ${serial} of ${Math.floor(random() * 1e6)}` : draw(TEXTS));
  const level = `"level":"${draw(LEVELS)}"`;
  switch (Math.floor(random() * 9)) {
    case 0:
      return `{"timestamp":"2026-03-31T23:59:59.${serial % 1000}Z",${level},"component":"${draw(COMPONENTS)}","event_type":"request","message":${text()},"status":${Math.floor(random() * 600)},"duration_ms":${number()},"ok":${random() < 0.5}}`;
    case 1:
      return `{${level},"component":"onnx_sentiment","event_type":"inference","confidence":${number()},"inference_time":${number()}${random() < 0.5 ? `,"label":${Math.floor(random() * 3)}` : ""},"model_version":${text()}}`;
    case 2:
      return `{"category":"${draw(["summary", "training", "tagged", "raw"])}","level":"INFO","component":"batch_processor","event_type":"batch_processing","message":${text()},"metadata":{"batch_size":32,"processing_time":${number()},"success_count":${draw(["0", "3", "32"])},"error_count":${draw(["0", "1", "2"])}}}`;
    case 3:
      return `{"level":"ERROR","component":"auth","event_type":"${draw(["auth_failure", "login_failed", "login"])}","message":${text()},"user":${text()},"attempts":${draw(["1", "4", "5", "6", "9.5", "5.0"])},"severity":"${draw(["high", "low", "x"])}"}`;
    case 4:
      return `{ "event_type" : "sample", "features" : [${number()},${number()},${number()}], "label": ${draw(["0", "1", '"up"', "null"])}, "meta": {"a":{"b":${number()}},"tags":["x",${text()}]} }`;
    case 5:
      return `{"time":${1_775_000_000_000 + serial},"level":${draw(["10", "30", "40", "50"])},"pid":7,"hostname":"h","msg":${text()},"req":{"method":"GET","url":"/a","user":${text()}},"res":{"code":${Math.floor(random() * 600)}}}`;
    case 6:
      return `{"event_type":"${draw(EVENTS)}","features":[${Array.from({ length: Math.floor(random() * 4) }, number).join(",")}],"label":${number()},"weight":${number()}}`;
    case 7:
      return `{"a":${text()},"b":${draw(NUMBERS)},"c":null,"d":[],"e":{},"f":[1,"x",null],"message":${text()},"tags":["${draw(["security", "a"])}"]}`;
    default:
      return `{"level":"${draw(LEVELS)}","service":{"name":"${draw(COMPONENTS)}"},"message":${text()},"user_id":${serial},"path":"/p/${serial}"}`;
  }
}

function textLine(random: () => number, serial: number): string {
  const lines = [
    `2026-03-31 23:59:59,123 INFO app.main: order ${serial} accepted`,
    `127.0.0.1 - - [31/Mar/2026:23:59:59 +0000] "GET /x/${serial} HTTP/1.1" 200 12 "-" "curl"`,
    `level=warn msg="slow ${serial}" took=3`,
    "Traceback (most recent call last):",
    '  File "/app/main.py", line 3, in <module>',
    "ValueError: no",
    "    at com.example.Main.run(Main.java:3)",
    "",
    "{",
    "}",
    "plain",
    "\r",
    '\ufeff{"message":"behind a mark"}',
  ];
  return lines[Math.floor(random() * lines.length)]!;
}

function hostileLine(random: () => number, draw: Draw, serial: number): string {
  const text = JSON.stringify(draw(TEXTS));
  const any: Draw = (values) => values[Math.floor(random() * values.length)]!;
  return any([
    `{"level":"INFO","level":"ERROR","message":${text}}`,
    `{"__proto__":{"level":"ERROR"},"message":${text}}`,
    `{"message":${text},"message":"second ${serial}"}`,
    `{"message":"\\u0041\\u00e9\\ud83d\\ude00 ${serial}"}`,
    `{"message":"\\ud83d half"}`,
    `{"message":"a\\/b","url":"http:\\/\\/x"}`,
    `{"message":${text},"password":"hunter${serial}"}`,
    `{"message":${text},"api_key":"${draw(SECRETS)}"}`,
    `{"message":"key ${draw(SECRETS)} of ${serial}"}`,
    `{"message":NaN,"level":"INFO"}`,
    `{"message":"x"} `,
    ` {"message":"x","n":${serial}}`,
    `{"message":"x",}`,
    `{"message":"x"}{"message":"y"}`,
    `{"message":01}`,
    `{"message":-}`,
    `{"a":${"[".repeat(300)}${"]".repeat(300)}}`,
    `{"a":${'{"a":'.repeat(12)}1${"}".repeat(12)}}`,
    `{"log":"inner ${serial}\\n","stream":"stdout","time":"2026-03-31T10:00:00.5Z"}`,
    `{"log":"inner","stream":"stdout","time":"now"}`,
    `{"k${Math.floor(random() * 1e6)}":1,"message":${text}}`,
    `{"message":"${"x".repeat(9000)}"}`,
    `{"message":"\t raw tab"}`,
    `{\t"message":"x"}`,
    `{"":1,"message":""}`,
    `{"1":2,"0":3,"message":${text}}`,
    `["a"]`,
    `"text"`,
    `{"level":"INFO","message":${text}}\r`,
  ]);
}

/** One byte is another. */
function mutated(line: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * line.length);
  line[at] =
    random() < 0.5
      ? Math.floor(random() * 256)
      : '"\\{}[],:0 eE.-\u007f'.charCodeAt(Math.floor(random() * 16));
  if (line[at] === 10) line[at] = 32;
  return line;
}

/** Lines with their newlines, cut at any places. */
export function randomChunks(seed: number, lines: number): Buffer[] {
  const random = randomFrom(seed);
  const whole = Buffer.concat(
    Array.from({ length: lines }, (_, serial) =>
      Buffer.concat([randomLine(random, serial), Buffer.from("\n")]),
    ),
  );
  const chunks: Buffer[] = [];
  const most = random() < 0.3 ? 300 : 65_536;
  for (let from = 0; from < whole.length; ) {
    const to = from + 1 + Math.floor(random() * most);
    chunks.push(whole.subarray(from, to));
    from = to;
  }
  return chunks;
}

export const seeds = fc.integer();
