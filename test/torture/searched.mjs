/** Holds what `search` finds in the volume against grep and jq over the same files. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { storedPaths } from "./stored.mjs";

const MOST_BYTES = 2 ** 30;

/** What is looked for: as `search` is asked, and by a program that reads all lines. */
const QUESTIONS = /** @type {const} */ ([
  { words: '"went wrong"', peer: "grep", args: ["-iF", "went wrong"] },
  { words: "level:>=error", peer: "jq", args: ["-c", 'select(.level == "error" or .level == "critical")'] },
]);

/**
 * @param {string} logDir
 * @param {string} program the sidecar's
 * @returns {Promise<{ found: number, wrong: string[] }>} how many records were found in all, and what was found otherwise
 */
export async function compareSearch(logDir, program) {
  const wrong = [];
  let found = 0;
  for (const category of /** @type {const} */ (["raw", "tagged"])) {
    const paths = (await storedPaths(logDir, category)).map((path) => join(logDir, path));
    const lines = execFileSync("gzip", ["-dcf", ...paths], { maxBuffer: MOST_BYTES });
    for (const { words, peer, args } of QUESTIONS) {
      const theirs = placesOf(ended(peer, args, lines));
      const flags = ["--category", category, "--limit", "1000000", "--log-dir", logDir];
      const ours = placesOf(ended(process.execPath, [program, "search", words, ...flags]));
      found += ours.length;
      if (ours.join("\n") !== theirs.join("\n"))
        wrong.push(`search ${words} in ${category}: ${ours.length} records, ${peer} has ${theirs.length}`);
    }
  }
  return { found, wrong };
}

/** Which records these are, sorted: jq writes numbers in its own way. */
function placesOf(output) {
  const records = output
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return records.map(({ ts, container, stream }) => `${ts} ${container} ${stream}`).sort();
}

/** The output of a program; grep's status is 1 where it finds nothing. */
function ended(program, args, input) {
  try {
    return execFileSync(program, args, { input, encoding: "utf8", maxBuffer: MOST_BYTES });
  } catch (error) {
    if (program === "grep" && error.status === 1) return "";
    throw error;
  }
}
