/** What `verify` loads, together: so that it becomes one file of the bundle, and not one for each of them: Node opens all that a start needs at once, and a process may have only 64 files open. */
export { readLearnedForms } from "../pipeline/learned-forms.js";
export { understandBy } from "../pipeline/understanding.js";
export { createJoiner } from "../records/joiner.js";
export { loadRules } from "../rules/load.js";
export { compilePattern } from "../rules/match/regexp/compile-pattern.js";
export { readEngineAddress } from "../sources/docker/engine.js";
export { readStatus } from "../status/status-file.js";
export { collectedOf, verify } from "./verify.js";
