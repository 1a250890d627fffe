import { FOREIGN_WORDS, GUARDED_NAMES, HARMLESS_TOKENS, SECRET_PAIRS, SECRET_WORDS } from "./name-lists.js";

/**
 * Names whose values are secrets. A name is looked at as words (`dbPassword`, `DB_PASSWORD` and `db-password` are
 * `db password`), and what its last words say decides: `stripe_secret_key` is one, `secret_name` and `max_tokens` are not.
 */
export interface SecretName {
  /** Its words in lower case with spaces between. */
  readonly words: string;
  readonly last: string;
  /** It is a secret's only where the value is like this. */
  readonly guard: RegExp | undefined;
}

const WORDS = new Set(SECRET_WORDS);
const HARMLESS = new Set(HARMLESS_TOKENS);
const PAIRS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(SECRET_PAIRS).map(([last, before]) => [last, new Set(before)]),
);
/** Names that are written as one word: `accesstoken`, `PHPSESSID`. */
const RUN_TOGETHER = new RegExp(
  `^(?:${[
    "[a-z]{0,40}(?:password|passwd|passphrase|passwort)",
    "(?:access|refresh|id|auth|api|bearer|session|csrf|xsrf|user|security|device|push|bot)token",
    "(?:client|app|api|shared|webhook|consumer)secret",
    "(?:db|user|my|admin|root)pwd",
    ...Object.entries(SECRET_PAIRS).map(([last, before]) => `x?(?:${before.join("|")})${last}`),
    "secretaccesskey",
    "[a-z]{0,9}sess(?:ion)?id",
    "setcookie",
  ].join("|")})$`,
);

const GUARDS: ReadonlyMap<string, RegExp> = new Map(
  GUARDED_NAMES.flatMap(({ names, value }) => names.map((name) => [name, value] as const)),
);

/** Longer names are none: nobody writes them, and a long key must not cost much. */
export const LONGEST_NAME = 100;
/** How many names are remembered; an app that makes up names begins anew. */
const MEMORY = 5_000;
const known = new Map<string, SecretName | null>();

/** Whether what stands under this name may be a secret. */
export function isSecretName(name: string): boolean {
  return secretNameOf(name) !== undefined;
}

/** What is known of a secret's name; undefined for all others. */
export function secretNameOf(name: string): SecretName | undefined {
  if (name.length > LONGEST_NAME) return undefined;
  const secret = known.get(name);
  if (secret !== undefined) return secret ?? undefined;
  const decided = decide(name);
  if (known.size >= MEMORY) known.clear();
  // A copy: a name cut out of a line would keep the whole line in memory.
  known.set(Buffer.from(name).toString(), decided ?? null);
  return decided;
}

/** `//registry/:_auth=…` of npm's settings. */
const NPM_AUTH = /(?:^|[:/.])_auth$/;
/** The two assets of a pool. */
const POOL_TOKEN = /token[01]$/i;

const FOREIGN = Object.entries(FOREIGN_WORDS);
/** No secret is written in these scripts, and what is said of it is: `비밀번호: 필수`. */
const ASCII_VALUE = /^[ -~]*[!-~]{3}[ -~]*$/;

function decide(name: string): SecretName | undefined {
  const [, foreign] = FOREIGN.find(([word]) => name.toLowerCase().endsWith(word)) ?? [];
  if (foreign !== undefined) return { words: foreign, last: foreign, guard: ASCII_VALUE };
  const words = wordsOf(name);
  const last = words.at(-1);
  if (last === undefined) return undefined;
  const spelled = words.join(" ");
  const before = words.at(-2) ?? "";
  if (last === "token" && (HARMLESS.has(before) || POOL_TOKEN.test(name))) return undefined;
  const sure = WORDS.has(last) || PAIRS.get(last)?.has(before) === true || RUN_TOGETHER.test(last);
  if (sure || NPM_AUTH.test(name) || spelled.endsWith("secret key base"))
    return { words: spelled, last, guard: undefined };
  const guard = GUARDS.get(last) ?? GUARDS.get(`${before} ${last}`);
  return guard && { words: spelled, last, guard };
}

/** The words of a name in lower case, without numbers at its end (`password2`). */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .map((word) => word.replace(/\d+$/, ""))
    .filter((word) => word !== "");
}
