import { byFirstCharacter } from "../../by-first.js";
import { access } from "./access.js";
import { head } from "./head.js";
import { java } from "./java.js";
import { leveled } from "./leveled.js";
import { logfmt } from "./logfmt.js";
import { postgres } from "./postgres.js";
import { python } from "./python.js";
import { dotnet, klog, redis, ruby } from "./servers.js";
import type { TextShape } from "./shape.js";
import { syslog } from "./syslog.js";
import { tagged } from "./tagged.js";
import { apacheError, nginxError } from "./web-error.js";
import { xml } from "./xml.js";

/** All kinds of text lines. They are strict, so that few lines fit two; the general ones stand last. */
export const TEXT_SHAPES: readonly TextShape[] = [
  access,
  java,
  python,
  logfmt,
  nginxError,
  apacheError,
  postgres,
  redis,
  klog,
  ruby,
  dotnet,
  syslog,
  xml,
  tagged,
  head,
  leveled,
];

/** Those that a line may be of. */
export const shapesFor = byFirstCharacter(TEXT_SHAPES);
