import { common } from "./common.js";
import { docker } from "./docker.js";
import { ecs, journal, otel } from "./ecs.js";
import { further } from "./further.js";
import { mongodb } from "./mongodb.js";
import { gelf, monolog } from "./monolog.js";
import { pino } from "./pino.js";
import { pythonJson, structlog } from "./python.js";
import { request } from "./request.js";
import { dotnet, serilog } from "./serilog.js";
import type { JsonShape } from "./shape.js";
import { v1 } from "./v1.js";

/** All families of JSON lines; earlier ones decide where two keys of an object say the same field. */
export const JSON_SHAPES: readonly JsonShape[] = [
  gelf,
  v1,
  pythonJson,
  monolog,
  serilog,
  ecs,
  common,
  structlog,
  dotnet,
  otel,
  journal,
  pino,
  mongodb,
  further,
  request,
  docker,
];
