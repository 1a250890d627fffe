import { describe, expect, it } from "vitest";
import { redactLine } from "../../../src/records/redact/redact.js";
import { isSlow } from "../../cpu-time.js";
import { PEM } from "./cases.js";

const SIZE = 100_000;
const filled = (piece: string) => piece.repeat(Math.ceil(SIZE / piece.length)).slice(0, SIZE);
const pieces: readonly string[] = [
  "a",
  " ",
  '"',
  "\\",
  "{",
  "[",
  '{"',
  "=",
  ":",
  "-",
  "%3D",
  "a=",
  "a:",
  "password",
  "password=",
  "password ",
  "token:[",
  "token:{",
  "token='",
  'token="',
  'token=\\"',
  "secret=a&",
  "secret=a;",
  "secret=b'",
  "cookie: a=b;",
  "authorization: digest ",
  "api key ",
  "--password ",
  "--token",
  "-----BEGIN ",
  "-----BEGIN PRIVATE KEY-----",
  "-----END ",
  "eyJ",
  "eyJ.",
  "eyJhbGciOiJI.",
  "bearer ",
  "bearer a",
  "basic ab",
  "a://",
  "a://b:",
  "a://b:c/",
  "://@",
  "http://a:b@",
  "1",
  "4",
  "4 ",
  "4111 ",
  "4111-1111-1111-1111-",
  "sk-",
  "sk-a",
  "ghp_",
  "AKIA",
  "xoxb-",
  "SG.",
  "SG.aaaaaaaaaaaaaaaa.",
  "\u001b[0m",
  "\\u0061",
  "\\u001b[",
  "pass:{",
  'pass="',
  "sig=",
  "mnemonic: legal winner ",
  "curl -u a",
  "curl ",
  "mysql -p",
  "password '",
  "identified with ",
  "<password>",
  "<a",
  'name="password" value="',
  '"name":"token",',
  '"token", "',
  "'a', '",
  "비밀번호:",
  "비밀번호는 a",
  "hooks.slack.com/services/a/",
  "?code=",
  "a:b@",
  "thin:a/",
  "order 4539578763621486 ",
  "K1",
  "1234567890:AA",
  PEM,
];

describe("a long line takes milliseconds", () => {
  it.each(pieces.map((piece) => [JSON.stringify(piece.slice(0, 40)), piece]))("%s", (_, piece) => {
    const text = filled(piece);
    // A trace of each kind, so that no look beforehand ends it.
    const flagged = `${text} token=x a://b:c@d eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.x 4111111111111111 AKIAIOSFODNN7EXAMPLE`;
    const lines = [
      text,
      flagged,
      `password=x ${text}`,
      JSON.stringify({ token: 1, a: text }),
      `{"token":1,"a":"${text}`,
    ];
    // Mostly some 10 ms; what is not linear takes a minute.
    for (const line of lines) expect(isSlow(2_000, () => redactLine(line, () => undefined))).toBe(false);
  });
});
