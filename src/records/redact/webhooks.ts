import type { Find } from "./finding.js";

/** Addresses that let anybody who has them write: what makes them secret stands in the path. Behind each the secret. */
const WEBHOOKS: readonly RegExp[] = [
  /\bhooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/[\w-]{1,40}\/[\w-]{1,40}\/([\w/-]{8,100})/g,
  /\bdiscord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{1,20}\/([\w-]{20,100})/g,
  /\bwebhook\.office\.com\/webhookb2\/[\w@-]{1,120}\/IncomingWebhook\/([\da-f]{20,64})/gi,
];

/** The code that a login of OAuth comes back with (RFC 6749, 4.1.2): long, and letters and digits of any kind. */
const CODE = /[?&]code=((?=[^&\s"']{0,60}\d)(?=[^&\s"']{0,60}[A-Za-z])[\w./%~-]{16,300})/g;

/** What stands in the addresses of webhooks, and the codes of logins. */
export const findWebhooks: Find = (text, found) => {
  if (!text.includes("/") && !text.includes("?")) return;
  for (const pattern of [...WEBHOOKS, CODE]) {
    for (const { index, 0: all, 1: secret = "" } of text.matchAll(pattern)) {
      found("url", index + all.length - secret.length, index + all.length);
    }
  }
};
