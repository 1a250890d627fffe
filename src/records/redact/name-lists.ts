/** The words that make a name a secret's, and those that make it none. Shown in docs/SECRETS.md. */

/** Last words that make any name one, alone or behind others. */
export const SECRET_WORDS: readonly string[] = [
  "password",
  "passwords",
  "passwd",
  "passphrase",
  "passcode",
  "passwort",
  "kennwort",
  "pwd",
  "secret",
  "secrets",
  "token",
  "cookie",
  "cookies",
  "authorization",
  "credential",
  "credentials",
  "creds",
  "jwt",
  "cvv",
  "cvc",
  "storepass",
  "keypass",
  "requirepass",
];

/** Last words that make a name one only behind certain words. */
export const SECRET_PAIRS: Readonly<Record<string, readonly string[]>> = {
  key: [
    "api",
    "app",
    "access",
    "account",
    "approval",
    "auth",
    "encryption",
    "hmac",
    "jwt",
    "listen",
    "master",
    "private",
    "secret",
    "session",
    "shared",
    "signing",
    "ssh",
    "subscription",
    "wallet",
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

/** Names that mean a secret as often as something else (`pass: 12`, `signature: invalid`) are one where the value looks like it. */
export interface GuardedNames {
  /** Last words, one or two. */
  readonly names: readonly string[];
  /** What the value looks like. */
  readonly says: string;
  readonly value: RegExp;
}

export const GUARDED_NAMES: readonly GuardedNames[] = [
  {
    names: ["pass", "pw"],
    says: "four signs or more, letters and others, and no number with a unit",
    value: /^(?![\d.]+[a-z%]{0,3}$|[a-z]+$)(?=[^a-z]{0,40}[a-z]).{4}/i,
  },
  {
    names: ["otp", "totp", "otp code", "mfa code", "2fa code", "verification code"],
    says: "four to ten digits",
    value: /^\d{4,10}$/,
  },
  {
    names: ["signature", "sig", "sign"],
    says: "32 hexadecimal digits or more, or base64 with its `=`",
    value: /^[\da-f]{32,}$|^(?=.{24})[\w+/%-]+(?:=|%3d){1,2}$/i,
  },
  {
    names: ["mnemonic", "seed phrase", "recovery phrase", "secret phrase", "backup phrase"],
    says: "six words or more",
    value: /^[a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){5}/,
  },
];

/**
 * What stands before `token` where it is a piece of text that a model reads or writes, or a place in a list
 * (`ms_per_token`, `eos_token`, `next_page_token`), or an asset that is traded (`fee_token`, `quote_token`).
 */
export const HARMLESS_TOKENS: readonly string[] = (
  "per first last next page continuation resume sync bos eos pad unk mask cls sep stop special prompt completion " +
  "input output in from to base quote fee gas native reward staking lp pool sell buy src dst " +
  "collateral debt borrow loan margin settlement underlying wrapped governance unexpected"
).split(" ");

/** Words of other scripts that end a secret's name, and the English word that stands for them. */
export const FOREIGN_WORDS: Readonly<Record<string, string>> = {
  비밀번호: "password",
  패스워드: "password",
  비번: "password",
  암호: "password",
  인증번호: "passcode",
  토큰: "token",
  パスワード: "password",
  暗証番号: "passcode",
  密码: "password",
  密碼: "password",
  口令: "password",
};
