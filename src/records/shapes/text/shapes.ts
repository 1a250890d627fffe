import { leveled } from "./leveled.js";
import { python } from "./python.js";
import type { TextShape } from "./shape.js";

/** All kinds of text lines, the strictest first. */
export const TEXT_SHAPES: readonly TextShape[] = [python, leveled];
