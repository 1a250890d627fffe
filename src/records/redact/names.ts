/**
 * Names whose values are secrets. A name is looked at as words (`dbPassword`, `DB_PASSWORD` and `db-password` are
 * `db password`), and what its last words say decides: `stripe_secret_key` is one, `secret_name` and `max_tokens` are not.
 */

/** Last words that make any name one, alone or behind others. Shown in docs/SECRETS.md. */
export const SECRET_WORDS: readonly string[] = [
  "password",
  "passwords",
  "passwd",
  "passphrase",
  "passcode",
  "pwd",
  "secret",
  "secrets",
  "token",
  "cookie",
  "cookies",
  "authorization",
  "credential",
  "credentials",
  "jwt",
  "cvv",
  "cvc",
];

/** Last words that make a name one only behind certain words. */
export const SECRET_PAIRS: Readonly<Record<string, readonly string[]>> = {
  key: [
    "api",
    "access",
    "account",
    "auth",
    "encryption",
    "hmac",
    "jwt",
    "master",
    "private",
    "secret",
    "session",
    "shared",
    "signing",
    "ssh",
    "subscription",
    "webhook",
  ],
  keys: ["api", "access", "private", "secret"],
  id: ["session"],
  pass: [
    "admin",
    "auth",
    "db",
    "ftp",
    "ldap",
    "login",
    "mail",
    "mysql",
    "pg",
    "postgres",
    "proxy",
    "redis",
    "root",
    "smtp",
    "user",
  ],
  hash: ["password", "passwd"],
  salt: ["password", "passwd"],
  confirm: ["password"],
  confirmation: ["password"],
  code: ["authorization"],
};

/**
 * What stands before `token` where it is a piece of text that a model reads or writes, or a place in a list:
 * `ms_per_token`, `time_to_first_token`, `eos_token`, `next_page_token`.
 */
export const HARMLESS_TOKENS: readonly string[] = [
  "per",
  "first",
  "last",
  "next",
  "page",
  "continuation",
  "sync",
  "bos",
  "eos",
  "pad",
  "unk",
  "mask",
  "cls",
  "sep",
  "stop",
  "special",
];

const WORDS = new Set(SECRET_WORDS);
const HARMLESS = new Set(HARMLESS_TOKENS);
const PAIRS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(SECRET_PAIRS).map(([last, before]) => [last, new Set(before)]),
);
/** Names that are written as one word: `accesstoken`, `PHPSESSID`. */
const RUN_TOGETHER = new RegExp(
  `^(?:${[
    "[a-z]{0,40}(?:password|passwd|passphrase)",
    "(?:access|refresh|id|auth|api|bearer|session|csrf|xsrf|user|security|device|push|bot)token",
    "(?:client|app|api|shared|webhook|consumer)secret",
    "(?:db|user|my|admin|root)pwd",
    ...Object.entries(SECRET_PAIRS).map(([last, before]) => `x?(?:${before.join("|")})${last}`),
    "secretaccesskey",
    "[a-z]{0,9}sess(?:ion)?id",
    "setcookie",
  ].join("|")})$`,
);

/** Longer names are none: nobody writes them, and a long key must not cost much. */
export const LONGEST_NAME = 100;
/** How many names are remembered; an app that makes up names begins anew. */
const MEMORY = 5_000;
const known = new Map<string, boolean>();

/** Whether what stands under this name is a secret. */
export function isSecretName(name: string): boolean {
  if (name.length > LONGEST_NAME) return false;
  let secret = known.get(name);
  if (secret === undefined) {
    secret = decide(wordsOf(name));
    if (known.size >= MEMORY) known.clear();
    // A copy: a name cut out of a line would keep the whole line in memory.
    known.set(Buffer.from(name).toString(), secret);
  }
  return secret;
}

function decide(words: readonly string[]): boolean {
  const last = words.at(-1);
  if (last === undefined) return false;
  const before = words.at(-2) ?? "";
  if (last === "token" && HARMLESS.has(before)) return false;
  return WORDS.has(last) || PAIRS.get(last)?.has(before) === true || RUN_TOGETHER.test(last);
}

/** The words of a name in lower case, without numbers at its end (`password2`). */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .map((word) => word.replace(/\d+$/, ""))
    .filter((word) => word !== "");
}
