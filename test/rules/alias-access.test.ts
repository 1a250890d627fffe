import { describe, expect, it } from "vitest";
import { loadSettings } from "../../src/config/load.js";
import { createUnderstand } from "../../src/records/understand.js";
import { loadRules } from "../../src/rules/load.js";
import { containerFrom } from "../../src/rules/test-record.js";
import { rulesFolder } from "./records.js";

const understand = createUnderstand();
const WEB = containerFrom({ name: "web", image: "nginx:1.27" });

interface Setup {
  /** The detection's selection. */
  readonly selection: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly category?: string;
}

/** Whether a rule of the category matches a line of the nginx container, with the settings as a user gives them. */
async function matches(
  text: string,
  { selection, env = {}, category = "webserver" }: Setup,
): Promise<boolean> {
  const given = { SIDECAR_LOGSOURCES: `[{image: nginx, category: ${category}}]`, ...env };
  const { logsources, fieldAliases } = loadSettings({ env: given, flags: {}, configFile: undefined });
  const rule = `title: T\nid: s1\nlogsource: {category: ${category}}\ndetection: {s: ${selection}, condition: s}\n`;
  const rules = await loadRules(await rulesFolder({ "s.yml": rule }), { logsources, fieldAliases });
  expect(rules.leftOut).toEqual([]);
  const ts = "2026-01-31T23:59:59.123456789Z";
  const line = { ts, stream: "stdout", text, lines: 1, truncated: false, replaced: false } as const;
  const record = understand(line, WEB);
  const tagged = rules.classify(record).targets.some(({ category: to }) => to === "tagged");
  expect(rules.matching(record).length > 0).toBe(tagged);
  return tagged;
}

const ACCESS =
  '203.0.113.9 - ann [31/Jan/2026:23:59:59 +0000] "GET /admin/users.php?id=1%20UNION%20SELECT HTTP/1.1" 404 12 "http://r/" "sqlmap/1.8"';

const LOGS = {
  "an access line": ACCESS,
  "nginx's variables as JSON":
    '{"remote_addr":"203.0.113.9","request_method":"GET","request_uri":"/admin/users.php?id=1%20UNION%20SELECT","status":"404","http_user_agent":"sqlmap/1.8","http_referer":"http://r/","remote_user":"ann"}',
  "nginx's request line as JSON":
    '{"client":"203.0.113.9","request":"GET /admin/users.php?id=1%20UNION%20SELECT HTTP/1.1","status":"404","agent":"sqlmap/1.8","referer":"http://r/","user":"ann"}',
  "Envoy's JSON":
    '{"downstream_remote_address":"203.0.113.9","method":"GET","path":"/admin/users.php?id=1%20UNION%20SELECT","response_code":404,"user_agent":"sqlmap/1.8","referer":"http://r/","user":"ann"}',
  "Caddy's JSON":
    '{"request":{"client_ip":"203.0.113.9","method":"GET","uri":"/admin/users.php?id=1%20UNION%20SELECT","headers":{"User-Agent":["sqlmap/1.8"],"Referer":["http://r/"]}},"user_id":"ann","status":404}',
  "pino-http's JSON":
    '{"req":{"remoteAddress":"203.0.113.9","method":"GET","url":"/admin/users.php?id=1%20UNION%20SELECT","headers":{"user-agent":"sqlmap/1.8","referer":"http://r/"}},"res":{"statusCode":404},"user":"ann"}',
} as const;

describe.each(Object.entries(LOGS))("web server rules on %s", (_name, text) => {
  it.each([
    ["{cs-uri-query: id=1%20UNION%20SELECT}", true],
    ["{cs-uri-query|contains|all: [/admin/, union]}", true],
    ["{cs-uri-query|startswith: /admin/users.php?}", true],
    ["{cs-uri-stem: /admin/users.php}", true],
    ["{cs-method: GET, sc-status: 404}", true],
    ["{cs-method: POST}", false],
    ["{cs-user-agent|startswith: sqlmap}", true],
    ["{c-ip|cidr: 203.0.113.0/24}", true],
    ["{cs-referer: 'http://r/', cs-username: ann}", true],
    ["{cs-cookie|exists: false}", true],
  ])("%s: %s", async (selection, expected) => {
    expect(await matches(text, { selection })).toBe(expected);
  });
});

it("keywords search the whole access line", async () => {
  expect(await matches(ACCESS, { selection: "['\"GET /admin/users.php?id=']" })).toBe(true);
});

it.each([
  "GET /admin?id=1%20UNION 404 3.123 ms - 12",
  '[GIN] 2026/11/29 - 04:20:11 | 404 |      10.847µs |     203.0.113.9 | GET      "/admin?id=1%20UNION"',
  "[I 261129 04:18:02 web:2271] 404 GET /admin?id=1%20UNION (203.0.113.9) 1.23ms",
])("an access line of a framework: %s", async (text) => {
  const selection = "{cs-method: GET, cs-uri-query: id=1%20UNION, cs-uri-stem: /admin, sc-status: 404}";
  expect(await matches(text, { selection })).toBe(true);
});

it("the line's own field of that name counts before", async () => {
  const text = '{"c-ip":"10.0.0.1","client":"203.0.113.9"}';
  expect(await matches(text, { selection: "{c-ip: 10.0.0.1}" })).toBe(true);
  expect(await matches(text, { selection: "{c-ip: 203.0.113.9}" })).toBe(false);
  expect(await matches('{"c-ip":null,"client":"x"}', { selection: "{c-ip: null}" })).toBe(true);
});

it("rules of other log sources have no such names", async () => {
  expect(await matches(ACCESS, { selection: "{c-ip: '203.0.113.9'}", category: "application" })).toBe(false);
});

const FAILED = "Failed password for invalid user admin from 203.0.113.9 port 50112 ssh2";
const EXTRACT = String.raw`extract: {pattern: 'for (?:invalid user )?(?<User>\S+) from (?<client>\S+) port (?<port>\d+)', types: {port: int}}`;

it.each([
  ["{User: admin}", true],
  ["{User: root}", false],
  ["{src-ip|cidr: 203.0.113.0/24}", true],
  ["{src-ip|cidr: 10.0.0.0/8}", false],
  ["{port|gte: 50000}", true],
  ["{port|gte: 60000}", false],
  ["{User|exists: false}", false],
])("fields out of a text are fields of rules, and of aliases: %s", async (selection, expected) => {
  const env = { SIDECAR_FIELD_ALIASES: `[{category: sshd, fields: {src-ip: client}, ${EXTRACT}}]` };
  expect(await matches(FAILED, { selection, category: "sshd", env })).toBe(expected);
  // Rules of other log sources don't see them, and the line's own field counts before.
  expect(await matches(FAILED, { selection: "{User: admin}", category: "other", env })).toBe(false);
  const own = JSON.stringify({ User: "root", message: FAILED });
  expect(await matches(own, { selection: "{User: root}", category: "sshd", env })).toBe(true);
});

it("an extract that is none is told of with the log source that it is for", async () => {
  const env = { SIDECAR_FIELD_ALIASES: "[{service: sshd, extract: {pattern: 'from (\\S+)'}}]" };
  await expect(matches(FAILED, { selection: "{User: admin}", env })).rejects.toThrow(
    /fieldAliases of service=sshd: extract\.pattern: it names no group/,
  );
});

it("the settings add names, and take the place of built-in ones", async () => {
  const env = {
    SIDECAR_FIELD_ALIASES:
      "[{category: application, fields: {User: user}}, {category: webserver, fields: {c-ip: user, where: 'uri(path, query)', q: query(message)}}]",
  };
  expect(await matches(ACCESS, { selection: "{User: ann}", category: "application", env })).toBe(true);
  expect(await matches(ACCESS, { selection: "{c-ip: ann}", env })).toBe(true);
  expect(await matches(ACCESS, { selection: "{where|endswith: SELECT}", env })).toBe(true);
  const address = '{"message":"https://h/p?x=1#y"}';
  expect(await matches(address, { selection: "{q: x=1}", env })).toBe(true);
});
