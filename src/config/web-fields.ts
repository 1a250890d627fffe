/**
 * The names of the W3C extended log format, which Sigma's rules of the categories webserver and proxy use
 * (SigmaHQ/sigma-specification, sigma-appendix-taxonomy.md), and where the value stands: in access lines (client, method,
 * path, query …) and in the JSON access logs of nginx (by its variables' names), Caddy, Traefik, pino-http, Express and ECS.
 *
 * More than half of the published rules look for a path in `cs-uri-query`, so it is the query and the whole address.
 */
const ADDRESSES = [
  "uri(path, query)",
  "request.uri",
  "req.url",
  "request_uri",
  "url",
  "uri",
  "url.original",
  "RequestPath",
];
const QUERIES = [
  "query",
  "args",
  "query_string",
  "url.query",
  ...["request.uri", "req.url", "request_uri", "url", "uri", "url.original", "RequestPath"].map(
    (field) => `query(${field})`,
  ),
];
const PATHS = [
  "path",
  "url.path",
  ...["request.uri", "req.url", "request_uri", "url", "uri", "url.original", "RequestPath"].map(
    (field) => `path(${field})`,
  ),
];
const METHODS = [
  "method",
  "request.method",
  "req.method",
  "request_method",
  "http.request.method",
  "RequestMethod",
];
const STATUSES = [
  "status",
  "status_code",
  "statusCode",
  "res.statusCode",
  "response.status",
  "http.response.status_code",
  "DownstreamStatus",
];
const AGENTS = [
  "user_agent",
  "request.headers.User-Agent",
  "req.headers.user-agent",
  "http_user_agent",
  "userAgent",
  "user-agent",
  "user_agent.original",
  "request_User-Agent",
];
const CLIENTS = [
  "client",
  "request.client_ip",
  "request.remote_ip",
  "req.remoteAddress",
  "remote_addr",
  "remoteAddress",
  "remote_ip",
  "client_ip",
  "ip",
  "client.ip",
  "source.ip",
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
