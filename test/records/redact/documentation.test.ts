import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { KINDS } from "../../../src/records/redact/finding.js";
import {
  FOREIGN_WORDS,
  GUARDED_NAMES,
  HARMLESS_TOKENS,
  SECRET_PAIRS,
  SECRET_WORDS,
} from "../../../src/records/redact/name-lists.js";
import { isSecretName } from "../../../src/records/redact/names.js";
import { SERVICE_KEYS } from "../../../src/records/redact/service-keys.js";
import { EVERYDAY_INNOCENTS, EVERYDAY_SECRETS, SECRETS_THAT_GET_BY } from "./everyday.js";

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
  const guarded = [...page.matchAll(/^- (`[\w ]+`(?:, `[\w ]+`)*), where the value is (.+)\.$/gm)];
  expect(guarded.map(([, names, says]) => [names, says])).toEqual(
    GUARDED_NAMES.map(({ names, says }) => [listed(names), says]),
  );
  expect(page).toContain(`\`token\` is none behind ${listed(HARMLESS_TOKENS)}:`);
  expect(page).toContain(`in other scripts: ${listed(Object.keys(FOREIGN_WORDS))}.`);
});

/** Lines as a block of text, those of a kind together, long ones cut. */
function block(kinds: Readonly<Record<string, readonly string[]>>): string {
  const shown = (line: string) => (line.length > 150 ? `${line.slice(0, 149)}…` : line);
  const parts = Object.entries(kinds).map(([kind, lines]) => `# ${kind}\n${lines.map(shown).join("\n")}`);
  return `\`\`\`\n${parts.join("\n\n")}\n\`\`\``;
}

it("shows the lines that are tested: what is caught, what stays, what gets by", () => {
  const caught = Object.entries(EVERYDAY_SECRETS).map(([kind, lines]) => [
    kind,
    lines.map((line) => line.replace(/«[^»]*»/g, "[redacted]")),
  ]);
  expect(page).toContain(block(Object.fromEntries(caught)));
  expect(page).toContain(block(EVERYDAY_INNOCENTS));
  expect(page).toContain(block({ "stored as they are": SECRETS_THAT_GET_BY }));
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
  "otp",
  "X-Amz-Signature",
  "seed_phrase",
  "비밀번호",
  "_auth",
  "SECRET_KEY_BASE",
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
  "passing",
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
  "fee_token",
  "quoteToken",
  "token0",
  "TOKEN1",
  "auth",
  "signal",
  "status_code",
  "암호화폐",
  "",
])("%s is none", (name) => {
  expect(isSecretName(name)).toBe(false);
});
