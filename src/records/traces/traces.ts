import { pythonTrace } from "./python.js";
import type { Trace } from "./trace.js";

/** All kinds of traces; the first whose start fits decides. */
export const TRACES: readonly Trace[] = [pythonTrace];
