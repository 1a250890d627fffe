/** Secrets in lines. None of them opens anything: they only have the form. */
const letters = (count: number, from = "aB3dE5fG7hJ9kL1mN0pQ2rS4tU6vW8xYz") =>
  from.repeat(10).slice(0, count);

export const JWT = `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NSJ9.${letters(43)}`;
export const PEM = `-----BEGIN RSA PRIVATE KEY-----\n${letters(64)}\n${letters(40)}\n-----END RSA PRIVATE KEY-----`;
export const AWS_KEY = "AKIAIOSFODNN7EXAMPLE";
export const AWS_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
export const GITHUB = `ghp_${letters(36)}`;
export const OPENAI = `sk-proj-${letters(48)}`;
export const SLACK = `xoxb-123456789012-${letters(24)}`;
export const CARD = "4111111111111111";

/** Keys of services, one of each form. */
export const SERVICE_SECRETS: readonly string[] = [
  AWS_KEY,
  `ASIA${AWS_KEY.slice(4)}`,
  `AIza${letters(35)}`,
  GITHUB,
  `ghs_${letters(36)}`,
  `github_pat_${letters(60)}`,
  `glpat-${letters(20)}`,
  SLACK,
  `sk_live_${letters(24)}`,
  `rk_test_${letters(24)}`,
  OPENAI,
  `sk-${letters(48)}`,
  `npm_${letters(36)}`,
  `hf_${letters(34)}`,
  `SG.${letters(22)}.${letters(43)}`,
];

const R = "[redacted]";

/** What it is, the line, and the line as it may be stored. */
export const TEXT_CASES: readonly (readonly [string, string, string])[] = [
  ["an assignment", "login password=hunter2 ok", `login password=${R} ok`],
  ["with a colon", "token: abc.def", `token: ${R}`],
  ["in quotes", 'password="hunter 2, really" x', `password="${R}" x`],
  ["in single quotes", "{'passwd': 'it''s', 'x': 1}", `{'passwd': '${R}''s', 'x': 1}`],
  ["quotes in quotes", 'secret="a\\"b" x=1', `secret="${R}" x=1`],
  ["logfmt", `level=info api_key=k123 user=bob`, `level=info api_key=${R} user=bob`],
  ["environment", "DB_PASSWORD=hunter2", `DB_PASSWORD=${R}`],
  ["camel case", "userToken=abc123,user=bob", `userToken=${R},user=bob`],
  ["behind a slash", "login/password: bob/hunter2", `login/password: ${R}`],
  ["two words", "your api key: abc-123", `your api key: ${R}`],
  ["a number", "passcode: 1234", `passcode: ${R}`],
  ["a header", "Authorization: Bearer abc", `Authorization: ${R}`],
  ["a header with parts", 'Authorization: Digest username="x", response=y', `Authorization: ${R}`],
  ["a header and a field", "authorization=Basic eHk6eg== status=200", `authorization=${R} status=200`],
  ["cookies", "Cookie: a=b; c=d\nHost: x", `Cookie: ${R}\nHost: x`],
  ["a cookie that is set", "< Set-Cookie: sid=1; Path=/", `< Set-Cookie: ${R}`],
  ["curl", "curl -H 'X-Api-Key: abc' http://x", `curl -H 'X-Api-Key: ${R}' http://x`],
  ["a query", "GET /a?access_token=abc&b=1 200", `GET /a?access_token=${R}&b=1 200`],
  ["an address in a query", "/x?to=%2Fa%3Ftoken%3Dabc%26b", `/x?to=%2Fa%3Ftoken%3D${R}%26b`],
  ["a flag", "psql --password hunter2 --host x", `psql --password ${R} --host x`],
  ["bytes of Python", "User(password=b'hunter2', id=1)", `User(password=${R}, id=1)`],
  ["a class's text", "{user=bob, password=hunter2}", `{user=bob, password=${R}}`],
  ["a connection", "Server=db;Pwd=hunter2;Port=1", `Server=db;Pwd=${R};Port=1`],
  ["an object", 'got {"secret": {"a": ["b"]}} x', `got {"secret": ${R}} x`],
  ["JSON in JSON", '{\\"password\\":\\"hunter2\\"}x', `{\\"password\\":\\"${R}\\"}x`],
  ["JSON that is cut", '{"a":1,"password":"hunt', `{"a":1,"password":"${R}`],
  ["JSON's escapes in text", "x p\\u0061ssword=hunter2", `x password=${R}`],
  ["a key in colours", "\u001b[36mpassword\u001b[0m=hunter2", `password=${R}`],
  ["a value in colours", "password=\u001b[31mhunter2\u001b[0m", `password=${R}`],
  ["an address", "at postgres://app:hun/ter2@db:5432/x", `at postgres://app:${R}@db:5432/x`],
  ["two addresses", "amqp://a:b@h1,amqp://c:d@h2", `amqp://a:${R}@h1,amqp://c:${R}@h2`],
  ["a token", `got ${JWT} now`, `got ${R} now`],
  ["in capitals", "AUTH BEARER 0123456789abcdef0", `AUTH BEARER ${R}`],
  ["a number behind a name", "token_2=abc", `token_2=${R}`],
  ["colours within a name", "tok\u001b[31men\u001b[0m=abc", `token=${R}`],
  ["an address as Go writes it", '{"url":"/a?x=1\\u0026token=abc"', `{"url":"/a?x=1&token=${R}"`],
  [
    "quotes as .NET writes them",
    '{"m":"{\\u0022pwd\\u0022:\\u0022x y\\u0022}',
    `{"m":"{\\"pwd\\":\\"${R}\\"}`,
  ],
  ["behind a backslash", "C:\\token=abc", `C:\\token=${R}`],
  ["a token of a service", `using Bearer 0123456789abcdef0`, `using Bearer ${R}`],
  ["user and password", "sent Basic dXNlcjpwYXNzd29yZA==", `sent Basic ${R}`],
  ["a private key", `key:\n${PEM}\nend`, `key:\n${R}\nend`],
  ["a private key that is cut", PEM.slice(0, 80), R],
  ["a private key on one line", PEM.replaceAll("\n", "\\n"), R],
  ["AWS, both", `${AWS_KEY} ${AWS_SECRET}`, `${R} ${R}`],
  ...SERVICE_SECRETS.map((key) => ["a service's key", `(${key})`, `(${R})`] as const),
  ["a card", `paid with ${CARD}.`, `paid with ${R}.`],
  ["a card in groups", "card 4111-1111-1111-1111 ok", `card ${R} ok`],
  ["an American one", "3782 822463 10005", R],
  ["a card behind a year", "2026 5555 5555 5555 4444", `2026 ${R}`],
];

/** Lines that look like some of that and must stay as they are. */
export const NEAR_MISSES: readonly string[] = [
  "tokens=512 max_tokens: 4096 token_count=12 tokenizer=bpe",
  "ms_per_token: 12.5 time_to_first_token=0.2",
  "secretary: Bob passed: 12 passes=3",
  "token=null password: false secret=",
  "primary_key=id cache key: users:7 keyboard: us monkey=1",
  "session closed for user root",
  "password changed for bob",
  "open /run/secrets/db_password: permission denied, ./token: not found",
  "authorization_url=https://x/y",
  "GET http://host:8080/@user/x",
  "git clone ssh://git@host/repo mail bob@example.com",
  "http://[::1]:9000/a@b",
  "image docker.io/x@sha256:0123",
  "eyJust a word, and eyJhbGciOiJub25lIn0 alone",
  "basic authentication is used; bearer authentication-required-here",
  "task-0123456789abcdef0123 risk-free-and-boring",
  "npm_config_registry=x ghp_short sk-learn sk_live_ hf_hub_download",
  "AKIA AKIASHORT XAKIAIOSFODNN7EXAMPLEX",
  "sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709",
  "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
  "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
  "at 1738324800123456 and 1738324800123456789 in us and ns",
  "id 4111111111111112 and 41111111111111111111 and x4111111111111111",
  "0.4111111111111111 4111111111111111.25 4111111111111111-7",
  "550e8400-e29b-41d4-a716-446655440000 0000000000000000",
  "2026-01-31 12:00:00,123 INFO root: hello",
];

/** Objects before and after. */
export const JSON_CASES: readonly (readonly [string, string, string])[] = [
  ["a name", '{"password":"x", "a":1.0}', `{"password":"${R}", "a":1.0}`],
  ["a name at any depth", '{"a":[{"b":{"Db-Password":"x"}}]}', `{"a":[{"b":{"Db-Password":"${R}"}}]}`],
  [
    "a value of any kind",
    '{"secret":{"a":[1]},"token":7,"pwd":["x"]}',
    `{"secret":"${R}","token":"${R}","pwd":"${R}"}`,
  ],
  ["a name in escapes", '{"p\\u0061ssword":"x"}', `{"p\\u0061ssword":"${R}"}`],
  ["a value in escapes", `{"a":"\\u0065${JWT.slice(1)}"}`, `{"a":"${R}"}`],
  [
    "a name twice",
    '{"a":{"password":"x"},"a":{"password":"y"}}',
    `{"a":{"password":"${R}"},"a":{"password":"${R}"}}`,
  ],
  ["text in a string", '{"msg":"password=x\\ty","n":"\\u00e9"}', `{"msg":"password=${R}\\ty","n":"\\u00e9"}`],
  [
    "JSON in a string",
    '{"body":"{\\"password\\":\\"x\\",\\"a\\":1}"}',
    `{"body":"{\\"password\\":\\"${R}\\",\\"a\\":1}"}`,
  ],
  [
    "a name of several signs",
    '{"session:id":"x","api / key":"y"}',
    `{"session:id":"${R}","api / key":"${R}"}`,
  ],
  ["an address as Go writes it", '{"m":"/a?b=1\\u0026token=x"}', `{"m":"/a?b=1&token=${R}"}`],
  ["a name behind letters as Python writes them", '{"m":"\\u7528\\u6237pwd=x"}', `{"m":"用户pwd=${R}"}`],
  ["a key behind a line's end", `{"m":"a\\n${OPENAI}"}`, `{"m":"a\\n${R}"}`],
  ["a card behind letters", `{"m":"\\u53f7${CARD}"}`, `{"m":"号${R}"}`],
  ["slashes in escapes", '{"dsn":"mysql:\\/\\/a:b@c\\/d"}', `{"dsn":"mysql://a:${R}@c/d"}`],
  ["a token as a key", `{"${GITHUB}":1}`, `{"${R}":1}`],
  ["a card as a number", `{"n":${CARD},"m":[4111111111111112]}`, `{"n":"${R}","m":[4111111111111112]}`],
  ["a private key", `{"k":${JSON.stringify(PEM)}}`, `{"k":"${R}"}`],
  ["in colours", '\u001b[32m{"token":"x"}\u001b[0m', `{"token":"${R}"}`],
  ["behind spaces", '  {"token":"x"} ', `  {"token":"${R}"} `],
  ["over several lines", '{\n "token": "x"\n}', `{\n "token": "${R}"\n}`],
  ["beside what is no JSON", '{"token":"x","a":NaN}', `{"token":"${R}","a":NaN}`],
];

export const JSON_NEAR_MISSES: readonly string[] = [
  '{"tokens":512,"max_tokens":4096,"usage":{"prompt_tokens":1}}',
  '{"password":null,"token":false,"secret":"","cookie":true}',
  '{"password_length":8,"token_type":"Bearer","secret_name":"x","key":"y"}',
  '{"time":1738324800123456,"id":41111111111111111111,"f":0.4111111111111111}',
  '{"e":"\\u00fc\\u003c\\u0026","a":1e3 }',
];
