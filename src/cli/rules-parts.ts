/** What `check`, `explain` and `replay` load, together (verify-parts.ts says why). */
export { default as split2 } from "split2";
export { startTime } from "../config/since.js";
export { understandBy, understandLineBy } from "../pipeline/understanding.js";
export { loadRules } from "../rules/load.js";
export { check } from "./check.js";
export { engineContainers } from "./engine-containers.js";
export { explainLines } from "./explain.js";
export { replay } from "./replay.js";
