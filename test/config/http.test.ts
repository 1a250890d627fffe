import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readHttpToken } from "../../src/config/http.js";
import { loadSettings } from "../../src/config/load.js";
import { shownSettings } from "../../src/config/shown.js";

const load = (env: NodeJS.ProcessEnv) => loadSettings({ env, flags: {}, configFile: undefined });
const TOKEN = "a-token-of-some-length";

it("reads addresses of every kind, and says what one may be", () => {
  const http = (value: string) => load({ SIDECAR_HTTP: value }).http;
  expect(http("off")).toBe("off");
  expect(http("9600")).toEqual({ host: "127.0.0.1", port: 9600 });
  expect(http("0.0.0.0:80")).toEqual({ host: "0.0.0.0", port: 80 });
  expect(http("[::1]:9600")).toEqual({ host: "::1", port: 9600 });
  expect(load({}).http).toBeUndefined();
  for (const value of ["on", "127.0.0.1", "127.0.0.1:70000", "http://x:1", "::1:9600", "a b:1", "-1"])
    expect(() => http(value), value).toThrow(`SIDECAR_HTTP=${value}: expected an address such as`);
});

it("takes the token from a variable or a file, and shows it nowhere", () => {
  const file = join(mkdtempSync(join(tmpdir(), "token-")), "token");
  writeFileSync(file, `${TOKEN}\n`);
  expect(readHttpToken(load({ SIDECAR_HTTP_TOKEN: TOKEN }))).toBe(TOKEN);
  expect(readHttpToken(load({ SIDECAR_HTTP_TOKEN_FILE: file }))).toBe(TOKEN);
  expect(readHttpToken(load({}))).toBeUndefined();
  expect(JSON.stringify(shownSettings(load({ SIDECAR_HTTP_TOKEN: TOKEN })))).not.toContain(TOKEN);
  expect(() => readHttpToken(load({ SIDECAR_HTTP_TOKEN: TOKEN, SIDECAR_HTTP_TOKEN_FILE: file }))).toThrow(
    "one of the two",
  );
  writeFileSync(file, "short");
  expect(() => readHttpToken(load({ SIDECAR_HTTP_TOKEN_FILE: file }))).toThrow("holds no token");
  expect(() => readHttpToken(load({ SIDECAR_HTTP_TOKEN_FILE: `${file}-gone` }))).toThrow("cannot be read");
});

it("does not repeat a token that can't be used", () => {
  const tell = () => load({ SIDECAR_HTTP_TOKEN: "hunter2" });
  expect(tell).toThrow("SIDECAR_HTTP_TOKEN: expected 16 to 512");
  expect(tell).not.toThrow("hunter2");
});
