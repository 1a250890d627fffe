import { CARD } from "./cases.js";

/** Letters that all planted secrets have and nothing else; AWS's and base64's alphabets have them too. */
export const MARK = "QZ7XQZ7X";
const BASIC = Buffer.from("robot:opensesame-29").toString("base64");
/** What must stand in no file. */
export const NEEDLES: readonly string[] = [MARK, BASIC, CARD, "4111-1111", "378282246310005"];

const word = (length: number) => MARK.repeat(9).slice(0, length);
const PEM_LINES = ["-----BEGIN EC PRIVATE KEY-----", word(64), word(30), "-----END EC PRIVATE KEY-----"];

const NAMES = [
  "password",
  "db_passwd",
  "userPwd",
  "client-secret",
  "accessToken",
  "REFRESH_TOKEN",
  "x-api-key",
  "Authorization",
  "set-cookie",
  "privateKey",
  "session_id",
  "stripe_secret_key",
];

/** Secrets that are known wherever they stand. */
const FORMS = [
  `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.${word(43)}`,
  `AKIA${word(16)}`,
  `AKIA${word(16)} ${word(39)}/`,
  `AIza${word(35)}`,
  `ghp_${word(36)}`,
  `github_pat_${word(40)}`,
  `glpat-${word(20)}`,
  `xoxb-1234567890-${word(24)}`,
  `sk_live_${word(24)}`,
  `sk-proj-${word(40)}`,
  `npm_${word(36)}`,
  `hf_${word(34)}`,
  `SG.${word(22)}.${word(43)}`,
  `Bearer ${word(20)}`,
  `Basic ${BASIC}`,
  `postgres://app:${word(12)}@db:5432/app`,
  `https://robot:${word(9)}/${word(3)}@host/x`,
  PEM_LINES.join("\n"),
  PEM_LINES.slice(0, 2).join("\n"),
  CARD,
  "4111-1111-1111-1111",
  "378282246310005",
];

export interface PlantedLines {
  readonly text: string;
  /** Numbers (`n`) of the records that hold no secret. */
  readonly clean: ReadonlySet<number>;
}

/** `count` numbered lines of many forms, of which one in eight holds a secret somewhere; the same at each run. */
export function plantedLines(count: number): PlantedLines {
  let state = 12_345;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % limit;
  };
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;

  const nested = (value: unknown): unknown => {
    let inner = value;
    for (let depth = below(6); depth > 0; depth -= 1) {
      inner = below(3) === 0 ? [depth, inner, null] : { a: "text", [`k${depth}`]: inner, z: 1.5 };
    }
    return inner;
  };
  const named = (): Record<string, unknown> => ({
    [pick(NAMES)]: pick<unknown>([
      word(12),
      `${word(10)} and more`,
      [word(9)],
      { inner: { deep: word(11) } },
    ]),
  });
  const spelled = (json: string): string =>
    json.replace(/[swk](?=[a-zA-Z_-]*":)/, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);

  const texts: readonly ((n: number) => string)[] = [
    (n) => `n=${n} login ${pick(NAMES)}=${word(11)} done`,
    (n) => `level=info n=${n} ${pick(NAMES)}="${word(11)} x" user=bob`,
    (n) => `INFO:root:n=${n} got ${pick(FORMS.filter((form) => !form.includes("\n")))} there`,
    (n) => `n=${n} GET /login?user=a&${pick(NAMES)}=${word(10)}&b=1 HTTP/1.1`,
    (n) => `INFO:app:${JSON.stringify({ n, ctx: nested(named()) })}`,
    (n) => `n=${n} sent {'user': 'bob', '${pick(NAMES)}': '${word(13)}'}`,
    (n) => `\u001b[32mn=${n}\u001b[0m \u001b[36m${pick(NAMES)}\u001b[0m=\u001b[33m${word(10)}\u001b[0m`,
    (n) => `{"n":${n},"cut":true,"${pick(NAMES)}":"${word(14)}`,
    (n) => `n=${n} key follows\n${PEM_LINES.join("\n")}`,
  ];
  const objects: readonly ((n: number) => string)[] = [
    (n) => JSON.stringify({ n, message: "m", x: nested(named()) }),
    (n) => spelled(JSON.stringify({ n, message: "m", ...named() })),
    (n) => JSON.stringify({ n, message: `note ${pick(FORMS)}`, note: "x" }),
    (n) => JSON.stringify({ n, message: "m", note: pick(FORMS), list: nested(pick(FORMS)) }),
    (n) => JSON.stringify({ n, message: "m", body: JSON.stringify(nested(named())) }),
    (n) => JSON.stringify({ n, message: `${pick(NAMES)}: ${word(9)}` }),
    (n) => JSON.stringify({ n, message: "m", [pick(FORMS)]: 1 }),
    (n) => `{"n":${n},"message":"m","dup":${JSON.stringify(named())},"dup":1,"card":${CARD}}`,
    (n) => JSON.stringify({ n, metadata: named(), message: { nested: named() } }),
  ];
  const plain: readonly ((n: number) => string)[] = [
    (n) =>
      JSON.stringify({
        n,
        message: `request ${n}`,
        tokens: below(4096),
        usage: { prompt_tokens: n },
        key: `cache:${n}`,
        note: "ok",
      }),
    (n) => `{"n":${n}, "message":"caf\\u00e9 \\u003c", "at":17383248${10_000_000 + n}, "f":1.0}`,
    (n) => `level=info n=${n} msg="session closed" user=bob id=4111111111111112`,
    (n) => `INFO:root:n=${n} password changed for bob@example.com at http://host:8080/x`,
  ];

  const clean = new Set<number>();
  const lines: string[] = [];
  for (let n = 0; n < count; n += 1) {
    if (below(8) === 0) lines.push(pick(below(2) === 0 ? texts : objects)(n));
    else {
      clean.add(n);
      lines.push(pick(plain)(n));
    }
  }
  return { text: `${lines.join("\n")}\n`, clean };
}
