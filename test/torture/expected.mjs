/** What has to become of a printed line; rules/torture.yaml says the same to the sidecar. */

/**
 * @typedef {object} Fate
 * @property {boolean} raw
 * @property {boolean} summary
 * @property {"samples" | "lists" | undefined} training the dataset
 * @property {boolean} tagged
 * @property {Record<string, unknown> | undefined} data the JSON object that the line is, if it is one
 */

/** @type {Readonly<Record<string, readonly string[]>>} */
const OUTPUTS = {
  raw: ["raw"],
  sum: ["raw", "summary"],
  train: ["samples"],
  list: ["lists"],
  tag: ["tagged"],
  all: ["raw", "summary", "samples", "tagged"],
};

/**
 * @param {string} text a whole line
 * @returns {Fate}
 */
export function fateOf(text) {
  const data = parseObject(text);
  // What no rule takes goes to raw.
  const outputs = OUTPUTS[String(data?.kind)] ?? ["raw"];
  return {
    raw: outputs.includes("raw"),
    summary: outputs.includes("summary"),
    training: outputs.includes("samples") ? "samples" : outputs.includes("lists") ? "lists" : undefined,
    tagged: outputs.includes("tagged"),
    data,
  };
}

function parseObject(text) {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // A line that was torn when the engine was killed is text like any other.
    return undefined;
  }
}
