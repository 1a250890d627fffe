import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { KINDS } from "../../../src/records/redact/finding.js";
import {
  HARMLESS_TOKENS,
  isSecretName,
  SECRET_PAIRS,
  SECRET_WORDS,
} from "../../../src/records/redact/names.js";
import { SERVICE_KEYS } from "../../../src/records/redact/service-keys.js";

const page = readFileSync(fileURLToPath(new URL("../../../docs/SECRETS.md", import.meta.url)), "utf8");
const listed = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(", ");

it("shows the kinds that are counted, and no others", () => {
  const rows = [...page.matchAll(/^\| `([\w-]+)` \| (.+) \|$/gm)].map(([, kind, text]) => [kind, text]);
  expect(rows).toEqual(Object.entries(KINDS));
});

it("shows the names", () => {
  expect(page).toContain(`- Any name that ends in ${listed(SECRET_WORDS)}.\n`);
  const pairs = [...page.matchAll(/^- (`\w+` behind .+)\.$/gm)].map(([, line]) => line);
  expect(pairs).toEqual(
    Object.entries(SECRET_PAIRS).map(([last, before]) => `\`${last}\` behind ${listed(before)}`),
  );
  expect(page).toContain(`\`token\` is none behind ${listed(HARMLESS_TOKENS)}:`);
});

it("shows the services' forms", () => {
  for (const { service, shape } of SERVICE_KEYS) expect(page).toContain(`| ${service} | ${shape} |\n`);
});

it.each([
  "password",
  "dbPassword",
  "DB_PASSWORD",
  "user.password",
  "password2",
  "accesstoken",
  "GITHUB_TOKEN",
  "oauth2Token",
  "X-API-Key",
  "APIKey",
  "apikeys",
  "clientsecret",
  "stripe_secret_key",
  "Set-Cookie",
  "PHPSESSID",
  "sessionId",
  "smtp_pass",
  "password_hash",
  "newPasswordConfirmation",
])("%s is a secret's name", (name) => {
  expect(isSecretName(name)).toBe(true);
});

it.each([
  "tokens",
  "max_tokens",
  "maxTokens",
  "token_count",
  "tokenizer",
  "msPerToken",
  "eos_token",
  "nextPageToken",
  "secretary",
  "secret_name",
  "passed",
  "pass",
  "compass",
  "bypass",
  "key",
  "primaryKey",
  "cache_key",
  "publicKey",
  "monkey",
  "keyboard",
  "author",
  "authorization_url",
  "session",
  "id",
  "constructor",
  "",
])("%s is none", (name) => {
  expect(isSecretName(name)).toBe(false);
});
