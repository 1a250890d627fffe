import type { JsonObject } from "../../../core/record.js";
import type { JsonShape } from "./shape.js";

/**
 * Where a request's status stands, when a server failed: nginx' and Apache's recipes, lograge, Caddy (`status`), Express,
 * Fastify (`res.statusCode`), Kong (`response.status`), Envoy (`response_code`), Traefik (`DownstreamStatus`), Google Cloud
 * (`httpRequest.status`), ECS, OpenTelemetry's and Datadog's `http`.
 */
export const request: JsonShape = {
  name: "request",
  keys: [
    { field: "failedStatus", key: "status" },
    { field: "failedStatus", key: "statusCode" },
    { field: "failedStatus", key: "status_code" },
    { field: "failedStatus", key: "response_code" },
    { field: "failedStatus", key: "st" },
    { field: "failedStatus", key: "DownstreamStatus" },
    { field: "failedStatus", key: "http.response.status_code" },
    { field: "failedStatus", key: "http.status_code" },
    { field: "failedStatus", key: "res", inner: "statusCode" },
    { field: "failedStatus", key: "response", inner: "status" },
    { field: "failedStatus", key: "response", inner: "statusCode" },
    { field: "failedStatus", key: "httpRequest", inner: "status" },
    { field: "failedStatus", key: "http", inner: ["response", "status_code"] },
    { field: "failedStatus", key: "http", inner: "status_code" },
  ],
};

/** A status of a server's own failure, as a number or as text; undefined for all others. */
export function failedStatus(value: unknown): number | undefined {
  if (typeof value === "number") return value >= 500 && value <= 599 ? value : undefined;
  return typeof value === "string" && value.length === 3 && value.startsWith("5")
    ? failedStatus(Number(value))
    : undefined;
}

const METHOD = /^(?:GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS|CONNECT|TRACE)\b/i;
const METHODS = ["method", "request_method", "verb", "RequestMethod", "http.request.method", "http.method"];
const WRAPPERS = ["request", "req", "http", "httpRequest"];

/** Whether an object tells of one request, so that a status in it is the request's: a method, or how long the answer took. */
export function tellsOfRequest(data: JsonObject): boolean {
  if (METHODS.some((key) => isMethod(data[key])) || isMethod(data["request"]) || isLine(data["req"]))
    return true;
  if (typeof data["responseTime"] === "number" && typeof data["res"] === "object") return true;
  return WRAPPERS.some((key) => {
    const inner = data[key];
    if (typeof inner !== "object" || inner === null) return false;
    const { method, requestMethod, request } = inner as JsonObject;
    return (
      isMethod(method) || isMethod(requestMethod) || isMethod((request as JsonObject | undefined)?.["method"])
    );
  });
}

const LINE = /^[A-Z]{3,10} \S{1,8000} HTTP\/\d/;

/** A request's first line. */
function isLine(value: unknown): boolean {
  return typeof value === "string" && LINE.test(value);
}

/** A method, or a request's first line. */
function isMethod(value: unknown): boolean {
  return typeof value === "string" && METHOD.test(value);
}
