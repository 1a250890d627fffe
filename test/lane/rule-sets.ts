import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const shipped = fileURLToPath(new URL("../../rules", import.meta.url));

/** The rules of the image. */
export const SHIPPED = readdirSync(shipped)
  .map((name) => readFileSync(join(shipped, name), "utf8"))
  .join("\n---\n");

/** Rules of all kinds: what the lane can take, what it can by its values only, and what it can't. */
export const ALL_KINDS = `
rules:
  - id: drop-debug
    match: { level: debug }
    drop: true
  - id: numbers
    match: { duration_ms|gte: 50, status|lt: 500 }
    to: { raw: {}, summary: { table: slow, columns: [component, duration_ms, status, ok, message, request_id] } }
    continue: true
  - id: words
    match: { message|contains: [order, "주문", refused], level|gte: info }
    to: { tagged: { tags: [words], severity: low, retention: 7d } }
    continue: true
  - id: whole
    match: { user: [ann, "text 3 of 4"], attempts: 5 }
    to: { tagged: { tags: [whole], severity: { from: severity, otherwise: low }, retention: 7d } }
    continue: true
  - id: ends
    match: { message|endswith: "00", message|startswith: text }
    to: { raw: {} }
    continue: true
  - id: pattern
    match: { message|re: "text \\\\d+1 of" }
    to: { tagged: { tags: [pattern], severity: medium } }
    continue: true
  - id: extracted
    match: { part|gt: 3 }
    extract: { pattern: "(?<part>\\\\d+) of", types: { part: int } }
    to: { tagged: { tags: [extracted], severity: low } }
    continue: true
  - id: case
    match: { message|cased|contains: Failed }
    to: { tagged: { tags: [case], severity: medium } }
    continue: true
  - id: worked-out
    match: { "ratio(status, duration_ms)|gt": 9 }
    to: { tagged: { tags: [ratio], severity: low } }
    continue: true
  - id: absent
    match: { label: null, event_type: sample }
    to: { raw: {} }
    continue: true
  - id: classes
    match: { event_type: sample, label|exists: true }
    to: { training: { dataset: classes, features: [features], label: label, classes: [down, up], fields: [event_type] } }
    continue: true
  - id: pickles
    match: { event_type: [inference, request], features|exists: true }
    to: { training: { dataset: lists, format: pkl, features: [features], label: label, weight: weight } }
    continue: true
  - id: share
    match: { event_type: login }
    to: { raw: {} }
    sample: 0.5
  - id: edits
    match: { event_type: price_anomaly }
    to: { raw: {} }
    set: { seen: true }
    redact: [label]
  - id: not-these
    match:
      first: { component: api }
      second: { status|gte: 300 }
      condition: first and not second
    to: { raw: {} }
default: raw
`;

/** The line as a whole counts, and what it holds anywhere. */
export const WHOLE_LINES = `
rules:
  - id: text
    match: { text|contains: ["of 77", failed] }
    to: { tagged: { tags: [text], severity: low } }
    continue: true
  - id: once
    match: { level: critical }
    to: { raw: {} }
    dedupe: { window: 10s, by: [component] }
default: raw
`;

export const KEYWORDS = `
rules:
  - id: keywords
    match: ["of 77", ann]
    to: { tagged: { tags: [keywords], severity: low } }
default: raw
`;

/** A Sigma rule that finds a field under other names, too. */
export const SIGMA = `
title: Somebody looks for a way in
logsource: { category: webserver }
detection:
  selection: { cs-uri|contains: ["/p/1", "/a"], sc-status: [404, 500] }
  other: { user_id|gte: 100, message|re: "of 1.*2" }
  condition: selection or other
level: high
`;

/** So many that what they compare with is looked up: numbers among hundreds of bounds, and names, some of which are in lines. */
const NAMES = [
  "done",
  "login failed",
  "a,b",
  ...Array.from({ length: 300 }, (_, n) => `text ${n} of ${n * 7}`),
];
export const MANY = `
rules:
${NAMES.map((name, n) => `  - {id: user-${n}, match: {user: "${name}"}, to: {tagged: {tags: [user-${n}]}}, continue: true}`).join("\n")}
${Array.from({ length: 300 }, (_, n) => `  - {id: above-${n}, match: {confidence|gte: ${n * 2}, confidence|lt: ${n * 2 + 2}}, to: {tagged: {tags: [above-${n}]}}}`).join("\n")}
default: raw
`;

export const NOTHING = "default: raw\n";
