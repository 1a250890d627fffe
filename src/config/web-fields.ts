/**
 * The names of the W3C extended log format, which Sigma's rules of the categories webserver and proxy use
 * (SigmaHQ/sigma-specification, sigma-appendix-taxonomy.md), and where the value stands: in access lines (client, method,
 * path, query …) and in the JSON access logs of nginx (by its variables' names, or `request` whole), Apache's recipes, Caddy,
 * Traefik, Envoy, Kong, HAProxy's recipes, Google Cloud, pino-http, Fastify, Express, lograge, ECS, OpenTelemetry and Datadog.
 *
 * More than half of the published rules look for a path in `cs-uri-query`, so it is the query and the whole address.
 */
const WHOLE_ADDRESSES = [
  "request.uri",
  "request.url",
  "req.url",
  "request_uri",
  "request_url",
  "url",
  "uri",
  "url.original",
  "url.full",
  "http.url",
  "httpRequest.requestUrl",
  "RequestPath",
];
const ADDRESSES = ["uri(path, query)", "uri(url.path, url.query)", ...WHOLE_ADDRESSES, "address(request)"];
const QUERIES = [
  "query",
  "args",
  "query_string",
  "url.query",
  ...[...WHOLE_ADDRESSES, "path", "request"].map((field) => `query(${field})`),
];
const PATHS = ["path(path)", "url.path", ...[...WHOLE_ADDRESSES, "request"].map((field) => `path(${field})`)];
const METHODS = [
  "method",
  "request.method",
  "req.method",
  "request_method",
  "requestMethod",
  "verb",
  "http.request.method",
  "http.method",
  "httpRequest.requestMethod",
  "RequestMethod",
  "method(request)",
];
const STATUSES = [
  "status",
  "status_code",
  "statusCode",
  "response_code",
  "res.statusCode",
  "response.status",
  "response.statusCode",
  "http.response.status_code",
  "http.status_code",
  "httpRequest.status",
  "DownstreamStatus",
];
const AGENTS = [
  "user_agent",
  "agent",
  "request.headers.User-Agent",
  "request.headers.user-agent",
  "req.headers.user-agent",
  "http_user_agent",
  "userAgent",
  "user-agent",
  "user_agent.original",
  "http.useragent",
  "httpRequest.userAgent",
  "request_User-Agent",
];
const CLIENTS = [
  "client",
  "request.client_ip",
  "request.remote_ip",
  "req.remoteAddress",
  "remote_addr",
  "remote_address",
  "remoteAddress",
  "remote_ip",
  "remoteIp",
  "client_ip",
  "clientIp",
  "ip",
  "client.ip",
  "client.address",
  "source.ip",
  "network.client.ip",
  "downstream_remote_address",
  "httpRequest.remoteIp",
  "ClientHost",
];
const HOSTS = ["host", "request.host", "req.headers.host", "http_host", "url.domain", "RequestHost"];
const REFERERS = [
  "referer",
  "referrer",
  "request.headers.Referer",
  "req.headers.referer",
  "http_referer",
  "http.request.referrer",
  "request_Referer",
];
const COOKIES = ["cookie", "request.headers.Cookie", "req.headers.cookie", "http_cookie"];
const USERS = ["user", "user_id", "remote_user", "user.name", "ClientUsername"];

/** By the rules' name. */
export const WEB_FIELDS: Readonly<Record<string, readonly string[]>> = {
  "cs-uri-query": [...QUERIES, ...ADDRESSES],
  "cs-uri-stem": PATHS,
  "cs-uri": ADDRESSES,
  "c-uri": ADDRESSES,
  "c-uri-query": QUERIES,
  "c-uri-path": PATHS,
  "cs-method": METHODS,
  "sc-status": STATUSES,
  "cs-user-agent": AGENTS,
  "c-useragent": AGENTS,
  "c-ip": CLIENTS,
  src_ip: CLIENTS,
  "cs-host": HOSTS,
  "cs-referer": REFERERS,
  "cs-cookie": COOKIES,
  "cs-username": USERS,
  "cs-version": ["protocol", "request.proto", "server_protocol"],
  "sc-bytes": ["bytes", "size", "body_bytes_sent", "bytes_sent", "http.response.body.bytes"],
  "cs-content-type": ["content_type", "request.headers.Content-Type", "req.headers.content-type"],
};
