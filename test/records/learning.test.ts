import { describe, expect, it } from "vitest";
import type { LineJoiner } from "../../src/core/line.js";
import { createJoiner } from "../../src/records/joiner.js";
import { createUnderstand } from "../../src/records/understand.js";
import { events } from "./events.js";
import { sampleContainer, sampleLine } from "./samples.js";

const dated = (second: number, rest: string) => `2026-11-29 09:00:${String(second).padStart(2, "0")} ${rest}`;
const usual = [dated(1, "INFO a"), dated(2, "INFO b"), dated(3, "WARN c"), dated(4, "INFO d")];

function sizes(lines: readonly string[], joiner?: LineJoiner): number[] {
  return events(lines, joiner).map((event) => event.length);
}

describe("where events begin with a head", () => {
  it.each([
    ["a message of two lines", ["lines"]],
    ["a statement", ["SELECT *", "FROM orders", "WHERE id = 7"]],
    ["a table", ["id | name", "---+-----", " 7 | ann"]],
    ["an object", ["  order: 7,", "  items: [ 1 ]", "}"]],
    ["a trace that nobody described", ["boom in cart.x", "  called by shop.x", "", "and that was all"]],
  ])("%s belongs to the event before it", (_, lines) => {
    expect(sizes([...usual, ...lines, dated(9, "INFO e")])).toEqual([1, 1, 1, lines.length + 1, 1]);
  });

  it("first lines stand alone until enough is known", () => {
    expect(sizes(["starting", "Shop 1.0", dated(1, "INFO a"), "b", dated(2, "INFO c")])).toEqual([
      1, 1, 1, 1, 1,
    ]);
  });

  it("a trace on its own stays an event of its own, and an error is never hidden", () => {
    const lines = [...usual, "Traceback (most recent call last):", '  File "a.py", line 1', "ValueError: x"];
    expect(sizes(lines)).toEqual([1, 1, 1, 1, 3]);
    expect(sizes([...usual, "Error: cannot pay", "more of it"])).toEqual([1, 1, 1, 1, 2]);
    expect(sizes([...usual, dated(5, "ERROR failed"), "Error: cannot pay"])).toEqual([1, 1, 1, 1, 2]);
  });

  it("is given up where lines without a head are many", () => {
    const mixed = Array.from({ length: 40 }, (_, at) =>
      at % 2 === 0 ? dated(at, "INFO a") : `printed ${at}`,
    );
    const all = sizes([...usual, ...mixed]);
    expect(all.filter((size) => size > 1).length).toBeLessThan(4);
    expect(all.slice(-30)).toEqual(Array.from({ length: 30 }, () => 1));
  });

  it("levels in a column are heads where the time is left out", () => {
    const lines = [
      "[04:16:17] INFO     a                       app.py:4",
      "           INFO     b                       app.py:5",
      "           ERROR    failed                  app.py:7",
      "                    of two lines",
    ];
    expect(sizes(lines)).toEqual([1, 1, 2]);
    const joiner = createJoiner(sampleContainer());
    for (const line of lines) joiner.relate(line);
    const record = createUnderstand()(
      { ...sampleLine(`${lines[2]}\n${lines[3]}`), learned: joiner.learned },
      sampleContainer(),
    );
    expect([record.level, record.message?.split("\n")[0], record.data]).toEqual([
      "error",
      "failed",
      { source: "app.py:7" },
    ]);
  });

  it("a list behind a colon, and what an arrow sets under a line, belong to it at once", () => {
    expect(sizes([dated(1, "INFO with:"), "['a',", " 'b']", dated(2, "INFO on")])).toEqual([3, 1]);
    expect(sizes(["GET / text/html:", "   >> Matched: index", "   >> Outcome: Success", "GET /b:"])).toEqual([
      3, 1,
    ]);
    expect(sizes(["done:", "[2] more", " => built"])).toEqual([1, 1, 1]);
  });

  it("a name before the level is known from the second line on", () => {
    const lines = ["root ERROR a", "cart WARNING b", "root INFO c", "of two lines"];
    expect(sizes(lines)).toEqual([1, 1, 2]);
  });

  it("indented lines with a time are a trace's, where heads stand at the beginning", () => {
    expect(sizes([...usual, "  2026-11-29 09:00:04 WARN at cart.rb:1", dated(5, "INFO e")])).toEqual([
      1, 1, 1, 2, 1,
    ]);
  });

  it("a head without a message is said on the lines behind it, from the first line on", () => {
    expect(
      sizes(["29 Nov 09:00:00 - [info] ", "", "Welcome", "=======", "", "29 Nov 09:00:01 - [info] ready"]),
    ).toEqual([5, 1]);
  });

  it("a time and a level are a head, whatever stands before them", () => {
    const lines = [
      "[start] 12:00:00 INFO: a",
      "[start] 12:00:01 INFO: b",
      "[start] 12:00:02 INFO: c",
      "[start] 12:00:03 INFO: d",
    ];
    expect(sizes([...lines, "[V7KJ7] 12:00:04 INFO: e", "[V7KJ7] 12:00:05 INFO: f"])).toEqual([
      1, 1, 1, 1, 1, 1,
    ]);
  });

  it("an access line is its event", () => {
    const access = (path: string) => `10.0.0.7 - - [29/Nov/2026:09:00:00 +0000] "GET ${path} HTTP/1.1" 200 5`;
    expect(sizes([...["/a", "/b", "/c", "/d"].map(access), "server stopped", "bye"])).toEqual([
      1, 1, 1, 1, 1, 1,
    ]);
  });

  it("a number right behind the level is the process where all lines have the same", () => {
    const read = (lines: readonly string[]) => {
      const joiner = createJoiner(sampleContainer());
      const understand = createUnderstand();
      return lines.map((text) => {
        const { learned } = joiner;
        joiner.relate(text);
        return understand({ ...sampleLine(text), learned }, sampleContainer());
      });
    };
    const same = read(Array.from({ length: 5 }, (_, at) => dated(at, `INFO 4711 line ${at}`)));
    expect(same.map(({ message }) => message)).toEqual([
      "4711 line 0",
      "4711 line 1",
      "4711 line 2",
      "line 3",
      "line 4",
    ]);
    expect(same[4]?.data).toEqual({ time: "2026-11-29 09:00:04", pid: 4711 });
    const counted = read(Array.from({ length: 6 }, (_, at) => dated(at, `INFO ${20 + at} items`)));
    expect(counted.at(-1)?.message).toBe("25 items");
  });

  it("is off by the labels", () => {
    for (const label of [{ format: "python" }, { format: "plain" }]) {
      const joiner = createJoiner(sampleContainer(label));
      expect(sizes([...usual, "lines"], joiner)).toEqual([1, 1, 1, 1, 1]);
      expect(joiner.learned).toBeUndefined();
    }
    expect(sizes([...usual, "lines"], createJoiner(sampleContainer({ format: "auto" })))).toEqual([
      1, 1, 1, 2,
    ]);
  });
});

describe("what was learned", () => {
  it("goes on in another joiner at every line, as if nothing had happened", () => {
    const lines = [
      ...usual,
      "x",
      dated(6, "INFO a: b"),
      "  y",
      "z",
      "[04:16:17] INFO  c",
      "d",
      ...usual,
      "e",
    ];
    const whole = createJoiner(sampleContainer());
    const expected = lines.map((line) => whole.relate(line));
    for (let cut = 1; cut < lines.length; cut += 1) {
      // A position stands before the event that is pending.
      let from = cut;
      while (expected[from] === "joins") from -= 1;
      const first = createJoiner(sampleContainer());
      for (const line of lines.slice(0, from)) first.relate(line);
      const second = createJoiner(sampleContainer());
      second.learned = JSON.parse(JSON.stringify(first.learned));
      expect(lines.slice(from).map((line) => second.relate(line))).toEqual(expected.slice(from));
    }
  });

  it("is small and does not grow", () => {
    const joiner = createJoiner(sampleContainer());
    for (let at = 0; at < 10_000; at += 1) joiner.relate(dated(at % 60, `INFO shop.${at}: line ${at}`));
    const { learned } = joiner;
    expect(JSON.stringify(learned).length).toBeLessThan(120);
    joiner.relate(dated(1, "INFO a"));
    expect(joiner.learned).toBe(learned);
  });
});

describe("errors of several lines that were described", () => {
  it.each<readonly [string, string, readonly string[]]>([
    [
      "Go, a signal in C",
      "error",
      [
        "SIGSEGV: segmentation violation",
        "PC=0x0 m=3 sigcode=1 addr=0x0",
        "signal arrived during cgo execution",
        "",
        "goroutine 17 gp=0xc000102380 m=3 mp=0xc000080008 [syscall]:",
        "runtime.cgocall(0x48c0a0, 0xc00005ce98)",
        "\t/usr/lib/go/src/runtime/cgocall.go:157 +0x4b fp=0xc00005ce70 sp=0xc00005ce38 pc=0x4054ab",
        "main.main()",
        "\t/app/main.go:9 +0x1d",
        "",
        "rax    0x0",
        "rip    0x0",
        "rflags 0x10246",
        "exit status 2",
      ],
    ],
    [
      "psycopg below SQLAlchemy",
      "error",
      [
        "Traceback (most recent call last):",
        '  File "/app/db.py", line 7, in run',
        'psycopg2.errors.UndefinedTable: relation "x" does not exist',
        "LINE 1: SELECT * FROM x",
        "                      ^",
        "",
        "",
        "The above exception was the direct cause of the following exception:",
        "",
        "Traceback (most recent call last):",
        '  File "/app/a.py", line 3, in <module>',
        'sqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedTable) relation "x" does not exist',
        "LINE 1: SELECT * FROM x",
        "                      ^",
        "",
        "[SQL: SELECT *",
        "FROM x]",
        "(Background on this error at: https://sqlalche.me/e/20/f405)",
      ],
    ],
    [
      "klog's value of several lines",
      "error",
      [
        'E1129 09:00:00.123456       1 sync.go:42] "Failed to sync" err=<',
        "\tfirst line",
        ' > pod="default/web"',
      ],
    ],
    [
      "PostgreSQL with a prefix of its own",
      "error",
      [
        '2026-11-29 09:00:00 UTC [4711]: user=app,db=shop,app=[unknown],client=10.0.0.7 ERROR:  relation "x" does not exist at character 15',
        "2026-11-29 09:00:00 UTC [4711]: user=app,db=shop,app=[unknown],client=10.0.0.7 STATEMENT:  select *",
        "\tfrom x",
      ],
    ],
    [
      "Rails",
      "error",
      [
        "ArgumentError (kaboom):",
        "  ",
        "app/models/order.rb:13:in `pay'",
        "actionpack (6.1.7) lib/action_controller/metal.rb:6:in `send_action'",
      ],
    ],
    [
      "a panic that a web framework caught",
      "error",
      [
        "2026/11/29 04:20:11 [Recovery] 2026/11/29 - 04:20:11 panic recovered:",
        "GET /boom HTTP/1.1",
        "Host: example.com",
        "",
        "kaboom",
        "/app/a.go:3 (0x65bde6)",
        '\tmain.func2: panic("kaboom")',
      ],
    ],
    ["a box", "info", [" ╭─────╮", " │ box │", " ╰─────╯"]],
    ["an object behind words", "info", ["config: {", "  host: 'db',", "  list: [", "    1", "  ]", "}"]],
    [
      "frames behind the head of their error",
      "error",
      ["ERR! cart Error: x", "ERR! cart     at f (/a.js:1:2)", "ERR! cart     at node:internal/main:28:49"],
    ],
    [
      "an error under a badge",
      "error",
      [" ERROR  kaboom", "", "    at a.mjs:4:51", "", "  [cause]: inner", "", "      at a.mjs:4:77"],
    ],
  ])("%s", (_, level, lines) => {
    const all = events(["ready", ...lines, "next"]);
    expect(all.slice(0, 2)).toEqual([["ready"], lines]);
    const record = createUnderstand()(sampleLine(lines.join("\n"), "stderr"), sampleContainer());
    expect(record.level).toBe(level === "error" && lines[0]?.startsWith("SIG") ? record.level : level);
    expect(["error", "critical", "info"]).toContain(record.level);
  });
});
