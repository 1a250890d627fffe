import { frames } from "./frames.js";
import { goPanic } from "./go.js";
import { nodeCrash, nodeWarning, printedObject } from "./node.js";
import { pythonTrace } from "./python.js";
import { rustPanic } from "./rust.js";
import { phpTrace, rubyTrace } from "./scripting.js";
import { dotnetConsole, postgresMessage } from "./servers.js";
import type { Trace } from "./trace.js";

/** All events of several lines that are known; the first that takes a line decides. */
export const TRACES: readonly Trace[] = [
  pythonTrace,
  frames,
  nodeCrash,
  nodeWarning,
  printedObject,
  goPanic,
  rustPanic,
  rubyTrace,
  phpTrace,
  dotnetConsole,
  postgresMessage,
];
