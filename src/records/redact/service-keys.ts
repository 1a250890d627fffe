import type { Find } from "./finding.js";

/** A service's keys by their form. Each begins with letters of its own, so that nothing is tried twice. */
export interface ServiceKey {
  readonly service: string;
  /** As docs/SECRETS.md shows it. */
  readonly shape: string;
  readonly pattern: RegExp;
}

export const SERVICE_KEYS: readonly ServiceKey[] = [
  {
    service: "AWS",
    shape: "AKIA…, ASIA… (20 letters), and beside one its secret of 40",
    pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/g,
  },
  {
    service: "Google",
    shape: "AIza…, GOCSPX-…, ya29.…",
    pattern: /AIza[\w-]{35}|GOCSPX-[\w-]{20,}|(?<![A-Za-z0-9])ya29\.[\w-]{20,}/g,
  },
  {
    service: "GitHub",
    shape: "ghp_…, gho_…, ghu_…, ghs_…, ghr_…, github_pat_…",
    pattern: /gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,}/g,
  },
  { service: "GitLab", shape: "glpat-…", pattern: /glpat-[\w-]{20,}/g },
  {
    service: "Slack",
    shape: "xoxb-…, xoxp-…, xapp-… and others",
    pattern: /(?:xox[abeoprs]|xapp)-[A-Za-z0-9-]{10,}/g,
  },
  {
    service: "Stripe",
    shape: "sk_live_…, rk_live_…, sk_test_…, rk_test_…, whsec_…",
    pattern: /[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/]{20,}/g,
  },
  {
    service: "OpenAI, Anthropic and others",
    shape: "sk-… with a digit in it",
    pattern: /(?<![A-Za-z0-9])sk-(?=[A-Za-z_-]{0,40}\d)[\w-]{20,}/g,
  },
  { service: "Groq", shape: "gsk_…", pattern: /(?<![A-Za-z0-9])gsk_[A-Za-z0-9]{30,}/g },
  { service: "npm", shape: "npm_…", pattern: /npm_[A-Za-z0-9]{36,}/g },
  { service: "PyPI", shape: "pypi-AgE…", pattern: /pypi-AgE[\w-]{40,}/g },
  { service: "Docker", shape: "dckr_pat_…", pattern: /dckr_pat_[\w-]{20,}/g },
  { service: "Vault", shape: "hvs.…, hvb.…", pattern: /(?<![A-Za-z0-9])hv[sb]\.[\w-]{24,}/g },
  { service: "Shopify", shape: "shpat_… and others", pattern: /shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}/g },
  { service: "DigitalOcean", shape: "dop_v1_…", pattern: /do[opr]_v1_[a-f0-9]{64}/g },
  {
    service: "Telegram",
    shape: "8 to 10 digits, `:AA` and 33 letters",
    pattern: /(?<!\d)\d{8,10}:AA[\w-]{33}(?![\w-])/g,
  },
  { service: "age", shape: "AGE-SECRET-KEY-1…", pattern: /AGE-SECRET-KEY-1[A-Z0-9]{58}/g },
  {
    service: "Bitcoin's wallets",
    shape: "xprv… and private keys of 51 or 52 letters (5…, K…, L…)",
    pattern:
      /xprv[1-9A-HJ-NP-Za-km-z]{80,120}|(?<![A-Za-z0-9])[5KL][1-9A-HJ-NP-Za-km-z]{50,51}(?![A-Za-z0-9])/g,
  },
  { service: "Hugging Face", shape: "hf_…", pattern: /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,}/g },
  { service: "SendGrid", shape: "SG.….…", pattern: /(?<![A-Za-z0-9])SG\.[\w-]{16,32}\.[\w-]{16,}/g },
];

/** 40 letters of base64 that are no hash: what AWS gives out with an access key. */
const AWS_SECRET = /(?<![\w/+=-])(?![0-9a-f]{40})[A-Za-z0-9/+]{40}(?![\w/+=-])/g;

/** Keys of cloud and other services. */
export const findServiceKeys: Find = (text, found) => {
  let aws = false;
  for (const { service, pattern } of SERVICE_KEYS) {
    for (const { index, 0: key } of text.matchAll(pattern)) {
      found("service-key", index, index + key.length);
      aws ||= service === "AWS";
    }
  }
  if (!aws) return;
  for (const { index, 0: key } of text.matchAll(AWS_SECRET)) found("service-key", index, index + key.length);
};
