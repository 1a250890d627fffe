import type { SecretName } from "./names.js";

/** Longer values are said of nothing. */
const LONGEST = 200;

/** What is said of a secret in one word, under its name: `token: expired`, `cookies: enabled`. */
const SAID = wordSet(
  "required optional mandatory expired invalid valid missing present absent empty unset set unknown undefined null none nil " +
    "nothing true false yes no on off ok okay enabled disabled active inactive changed unchanged updated created deleted removed " +
    "rotated revoked renewed refreshed generated issued loaded reset rejected accepted granted denied allowed forbidden approved " +
    "pending failed failure success successful verified unverified checked skipped ignored provided specified given received " +
    "found correct incorrect wrong bad weak strong mismatch mismatched matched hidden masked filtered redacted omitted encrypted " +
    "hashed supported unsupported unauthorized unavailable error include same-origin omit too short long must should is was are " +
    "were has had have not cannot can't will does doesn't string str text number boolean bool bytes object identifier unexpected malformed eof newline forward backward",
);
/** What longer sentences of that kind begin with: `must be at least 8 characters`. */
const BEGINS = wordSet(
  "must should is was are were has had have not no cannot can't will does doesn't invalid missing required expired incorrect " +
    "wrong unknown empty too",
);
const WORD = /^(?:[A-Za-z'’-]+|\d+)[.,;:!?)]*$/;

/** What hides a secret already, or stands where one will be put. */
const HIDDEN =
  /\*{3}|^[•xX.#_-]{3,}$|^\[[A-Z]+\]$|^<[\w -]*>?$|^\$\{[^}]*\}?$|^\$[A-Z][A-Z\d_]{2,}$|^\$?\{\{[^}]*\}?\}?$|^%[sdv@]$/;

/** A file or a folder: of the places that programs have, or as a shell writes it. */
const PLACE =
  /^(?:(?:~|\.{1,2})\/|\/(?:app|etc|run|var|home|root|usr|opt|tmp|srv|mnt|data|dev|proc|lib|secrets?|config|workspace|users|keys|certs?|ssl|vault|volumes?|code|src|work)(?:\/|$)|[A-Z]:\\)[\w\\/.@+ -]*$/i;
const ANY_PATH = /^[~/][\w/.@+-]*$/;

/** Symbols of assets and pairs: `USDT`, `1INCH`, `stETH`, `USDC.e`, `CAKE-LP`, `ETH/USDT`; addresses of contracts; what a parser stumbled over. */
const ASSET = "(?:10{0,6})?[a-z]{0,3}[A-Z]{2,8}\\d?[a-z]?(?:\\.[a-z]{1,2})?";
const TRADED = new RegExp(
  `^(?:${ASSET}(?:[-/_:]${ASSET}){0,2}|(?:10{0,6})[A-Z]{2,12}|0x[\\da-fA-F]{40}|[A-Za-z]+(?: [A-Za-z]+){1,5}|[^\\p{L}\\p{N}]{1,9})$`,
  "u",
);

/** The symbols that programs write in small letters too. */
const SYMBOLS = wordSet(
  "btc eth usdt usdc sol bnb xrp ada doge dot dai weth wbtc steth trx ton avax link matic pol ltc bch atom uni etc xlm near apt arb " +
    "op sui fil aave mkr crv cake busd tusd krw usd eur jpy",
);

/** Ids of sessions that open nothing: a number, words and dates, PostgreSQL's `692a7b3c.1a`, FIX's `FIX.4.4:A->B`. */
const SESSION =
  /^(?:\d{1,9}|(?:[A-Za-z]{2,12}|\d{1,8})(?:[-_.: /](?:[A-Za-z]{1,12}|\d{1,8})){0,6}|[\da-f]{8}\.[\da-f]{1,8}|FIXT?\.\d\.\d:[\w.>-]{1,150})$/;

/** The beginning of an object that describes an asset that is traded, how a cookie is set, or a field of a schema; its members are looked at by themselves. */
const DESCRIBES =
  /^\{[^{}]{0,400}\\?"(?:(?:symbol|decimals|httpOnly|originalMaxAge|maxAge|sameSite)\\?"\s{0,9}:|type\\?"\s{0,9}:\s{0,9}\\?"(?:string|object|integer|number|boolean|bearer|http|apiKey)\\?")/;
const LONGEST_DESCRIPTION = 500;

/** Whether an object that begins at `start` tells something about what is called `token` or `cookie`. */
export function isDescription(text: string, start: number): boolean {
  return DESCRIBES.test(text.slice(start, start + LONGEST_DESCRIPTION));
}

const PHRASE = /^(?:mnemonic|phrase)$/;
/** Keys that services give out, none of which is a word: `app_key: dashboard` names something. */
const NAMED_KEYS = /(?:^| )(?:app|api|listen|approval|shared|subscription|session) ?keys?$/;
const PLURAL = /s$/;
const COUNT = /^\d{1,6}$/;

/**
 * Whether a value under a secret's name is one, as far as can be told: what is said of it (`password: required`), what hides
 * it (`****`), a file's place, a symbol under `token`, and the name of a trading session are none.
 */
export function isSecretValue({ guard, words, last }: SecretName, value: string): boolean {
  if (value.length > LONGEST) return guard === undefined || !/\s/.test(value);
  if (guard !== undefined) {
    if (/^[[{]/.test(value) || !guard.test(value)) return false;
    // Words of a wallet's phrase may read like a sentence.
    if (PHRASE.test(last)) return true;
  }
  if (isSaid(value, last) || HIDDEN.test(value) || PLACE.test(value)) return false;
  if (last === "token") return !TRADED.test(value) && !SYMBOLS.has(value);
  if (NAMED_KEYS.test(words) && /^[a-z]{4,16}$/.test(value)) return false;
  if (last === "id" || last.endsWith("sessionid")) return !SESSION.test(value);
  if (words === "pwd" || words === "oldpwd") return !ANY_PATH.test(value);
  return !(PLURAL.test(last) && COUNT.test(value));
}

function isSaid(value: string, last: string): boolean {
  if (!value.includes(" ")) return SAID.has(bare(value));
  const words = value.trim().split(/\s+/);
  const first = bare(words[0] ?? "");
  const begins = BEGINS.has(first) || (/^(?:authorization|cookies?)$/.test(last) && SAID.has(first));
  return begins && words.every((word) => WORD.test(word));
}

function bare(word: string): string {
  return word.toLowerCase().replace(/[.,;:!?]$/, "");
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}
