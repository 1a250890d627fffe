/** Why lines went the long way, as they are counted; the first by the numbers of assembly/index.ts. */
export const REASONS = {
  other: "for another reason",
  not_json: "it is no JSON object",
  coloured: "it has colours",
  not_utf8: "it has bytes that are not UTF-8, or a control character beyond ASCII",
  unreadable: "its JSON is nested, spaced or escaped in a way that the lane does not read",
  shape_new: "its keys had not been met before",
  shape: "of its keys one stands there twice, or rules ask about what the lane can't see",
  value: "a value that decides is very long",
  plan_new: "its deciding values had not been met before",
  plan: "what rules do with it is more than writing",
  refused: "a value is not written as it stands",
  long: "it is very long",
  secret: "it may hold a secret",
  learned: "it was learned from",
} as const;

export type Reason = keyof typeof REASONS;

export const REASON_NAMES = Object.keys(REASONS) as Reason[];
