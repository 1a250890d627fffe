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
  { service: "Google", shape: "AIza…", pattern: /AIza[\w-]{35}/g },
  {
    service: "GitHub",
    shape: "ghp_…, gho_…, ghu_…, ghs_…, ghr_…, github_pat_…",
    pattern: /gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{22,}/g,
  },
  { service: "GitLab", shape: "glpat-…", pattern: /glpat-[\w-]{20,}/g },
  { service: "Slack", shape: "xoxb-…, xoxp-… and others", pattern: /xox[abeoprs]-[A-Za-z0-9-]{10,}/g },
  {
    service: "Stripe",
    shape: "sk_live_…, rk_live_…, sk_test_…, rk_test_…",
    pattern: /[sr]k_(?:live|test)_[A-Za-z0-9]{16,}/g,
  },
  {
    service: "OpenAI, Anthropic and others",
    shape: "sk-… with a digit in it",
    pattern: /(?<![A-Za-z0-9])sk-(?=[A-Za-z_-]{0,40}\d)[\w-]{20,}/g,
  },
  { service: "npm", shape: "npm_…", pattern: /npm_[A-Za-z0-9]{36,}/g },
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
