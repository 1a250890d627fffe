import { byFirstCharacter } from "../by-first.js";
import { badgedError, frames, prefixedFrames } from "./frames.js";
import { drawnPanic, goPanic, goRecovered, zapStack } from "./go.js";
import { headedPython } from "./headed-python.js";
import { javaLogging } from "./java-logging.js";
import { drawnTable, nodeCrash, nodeWarning, printedObject } from "./node.js";
import { privateKey } from "./private-key.js";
import { pythonTrace } from "./python.js";
import { rustPanic } from "./rust.js";
import { luaTrace, phpTrace, railsTrace, rubyTrace } from "./scripting.js";
import { dotnetConsole, klogBlock, postgresClient, postgresCsv, postgresMessage } from "./servers.js";
import type { Trace } from "./trace.js";
import { xmlEvent } from "./xml.js";

/** All events of several lines that are known; the first that takes a line decides. */
const TRACES: readonly Trace[] = [
  pythonTrace,
  headedPython,
  javaLogging,
  frames,
  badgedError,
  prefixedFrames,
  nodeCrash,
  nodeWarning,
  printedObject,
  drawnTable,
  goPanic,
  goRecovered,
  drawnPanic,
  zapStack,
  rustPanic,
  rubyTrace,
  railsTrace,
  phpTrace,
  luaTrace,
  dotnetConsole,
  postgresMessage,
  postgresClient,
  postgresCsv,
  klogBlock,
  privateKey,
  xmlEvent,
];

/** Those that may take a line: it is asked about by each. */
export const tracesFor = byFirstCharacter(TRACES);
