import { frames } from "./frames.js";
import { goPanic, zapStack } from "./go.js";
import { javaLogging } from "./java-logging.js";
import { nodeCrash, nodeWarning, printedObject } from "./node.js";
import { privateKey } from "./private-key.js";
import { pythonTrace } from "./python.js";
import { rustPanic } from "./rust.js";
import { phpTrace, rubyTrace } from "./scripting.js";
import { dotnetConsole, postgresMessage } from "./servers.js";
import type { Trace } from "./trace.js";

/** All events of several lines that are known; the first that takes a line decides. */
export const TRACES: readonly Trace[] = [
  pythonTrace,
  javaLogging,
  frames,
  nodeCrash,
  nodeWarning,
  printedObject,
  goPanic,
  zapStack,
  rustPanic,
  rubyTrace,
  phpTrace,
  dotnetConsole,
  postgresMessage,
  privateKey,
];
