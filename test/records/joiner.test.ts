import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createJoiner } from "../../src/records/joiner.js";
import { captured } from "./captured.js";
import { events } from "./events.js";
import { sampleContainer } from "./samples.js";

/** Of each event the first line and how many lines it has. */
function outline(lines: readonly string[]): [string, number][] {
  return events(lines).map((event) => [event[0] ?? "", event.length]);
}

const empty: [string, number] = ["", 1];

/** What the captured programs printed, as events. */
const programs: Readonly<Record<string, readonly [string, number][]>> = {
  "python-plain": [
    ["before", 1],
    ["Traceback (most recent call last):", 7],
  ],
  "python-chained": [["Traceback (most recent call last):", 21]],
  "python-group": [["  + Exception Group Traceback (most recent call last):", 13]],
  "python-logging": [
    ["INFO:shop.cart:starting", 1],
    ["ERROR:shop.cart:cannot divide", 6],
    ["INFO:shop.cart:going on", 1],
    ["ERROR:shop.cart:no trace here", 1],
    ["WARNING:shop.cart:next", 1],
  ],
  "python-dated": [
    ["2026-11-22 14:38:17,885 - shop - INFO - starting", 1],
    ["2026-11-22 14:38:17,885 - shop - ERROR - failed", 13],
    ["2026-11-22 14:38:17,891 - shop - INFO - going on", 1],
  ],
  "python-thread": [
    ["Exception in thread Thread-1 (work):", 9],
    ["after", 1],
  ],
  "python-asyncio": [
    ["ERROR:asyncio:Task exception was never retrieved", 6],
    ["after", 1],
  ],
  "python-syntax": [['  File "/app/app.py", line 2', 4]],
  "python-recursion": [["Traceback (most recent call last):", 14]],
  "python-warning": [
    ["/app/app.py:2: UserWarning: old way", 2],
    ["after", 1],
  ],
  "python-notes": [["Traceback (most recent call last):", 5]],
  "node-uncaught": [
    ["before", 1],
    ["file:///app/app.mjs:3", 12],
  ],
  "node-properties": [["node:fs:573", 18]],
  "node-rejection": [["node:internal/process/promises:389", 12]],
  "node-logged": [
    ["before", 1],
    ["Error: failed", 11],
    ["after", 1],
    ["request failed: Error: two", 8],
    ["end", 1],
  ],
  "node-aggregate": [
    ["AggregateError: both", 18],
    ["end", 1],
  ],
  "node-warning": [
    ["end", 1],
    ["(node:23365) [DEP1] DeprecationWarning: old", 2],
  ],
  "node-multiline": [["file:///app/app.mjs:1", 14]],
  "node-syntax": [["file:///app/app.mjs:1", 12]],
  "node-object": [
    ["{", 12],
    ["end", 1],
  ],
  "java-uncaught": [
    ["before", 1],
    ['Exception in thread "main" java.lang.RuntimeException: cannot start', 21],
  ],
  "java-logged": [
    ["2026-11-22 14:38:24 INFO [shop] starting", 1],
    ["2026-11-22 14:38:24 SEVERE [shop] cannot parse", 13],
    empty,
    ["2026-11-22 14:38:24 INFO [shop] going on", 1],
  ],
  // The message has two lines and nothing tells the second one from any other text: the frames join that one.
  "java-printed": [
    ["before", 1],
    ["java.lang.Exception: printed", 1],
    ["in two lines", 9],
    ["after", 1],
  ],
  "go-index": [
    ["before", 1],
    ["panic: runtime error: index out of range [3] with length 1", 8],
  ],
  "go-nil": [["panic: runtime error: invalid memory address or nil pointer dereference", 9]],
  "go-deadlock": [["fatal error: all goroutines are asleep - deadlock!", 6]],
  "go-repanic": [
    ["2026/11/22 14:38:42 before", 1],
    ["panic: first [recovered]", 11],
  ],
  "go-http": [
    ["2026/11/22 14:38:43 http: panic serving 127.0.0.1:55872: handler", 16],
    ["2026/11/22 14:38:43 after", 1],
  ],
  "rust-assert": [empty, ["thread 'main' (26406) panicked at app.rs:2:5:", 5]],
  "rust-panic": [["before", 1], empty, ["thread 'main' (26387) panicked at app.rs:4:24:", 3]],
  "rust-backtrace": [["before", 1], empty, ["thread 'main' (26456) panicked at app.rs:4:24:", 20]],
  "rust-thread": [empty, ["thread '<unnamed>' (26428) panicked at app.rs:2:49:", 3], ["after", 1]],
  "ruby-uncaught": [
    ["before", 1],
    ["app.rb:9:in `rescue in <main>': cannot start (ArgumentError)", 4],
  ],
  "ruby-logged": [
    ["I, [2026-11-22T14:38:43.906648 #24202]  INFO -- : starting", 1],
    ['E, [2026-11-22T14:38:43.906797 #24202] ERROR -- : invalid value for Integer(): "x" (ArgumentError)', 3],
    ["I, [2026-11-22T14:38:43.906837 #24202]  INFO -- : going on", 1],
  ],
  "php-uncaught": [["PHP Fatal error:  Uncaught LogicException: no config in /app/app.php:2", 9]],
  "php-warning": [
    ["before", 1],
    ["PHP Warning:  Undefined variable $missing in /app/app.php on line 3", 1],
    ["after", 1],
  ],
};

describe("what failing programs printed", () => {
  it.each(Object.entries(programs))("%s", (name, expected) => {
    expect(outline(captured(`traces/${name}`))).toEqual(expected);
  });

  it.each(Object.entries(programs))("%s between ordinary lines", (name, expected) => {
    const around = (text: string): [string, number] => [text, 1];
    const lines = ["ready", ...captured(`traces/${name}`), "INFO:app:next", '{"level":"info"}'];
    expect(outline(lines)).toEqual([
      around("ready"),
      ...expected,
      around("INFO:app:next"),
      around('{"level":"info"}'),
    ]);
  });

  it("PostgreSQL's details join their message, by process", () => {
    const sizes = outline(captured("lines/postgresql")).filter(([, size]) => size > 1);
    expect(sizes).toEqual([
      ["2026-11-22 14:44:35.450 UTC [28142] ERROR:  division by zero", 3],
      ['2026-11-22 14:44:35.491 UTC [28144] ERROR:  column "missing" does not exist at character 8', 2],
      ["2026-11-22 14:44:35.569 UTC [28148] WARNING:  low", 2],
    ]);
    const other = "2026-01-31 12:00:00.000 UTC [8] DETAIL:  of another";
    expect(events(["2026-01-31 12:00:00.000 UTC [7] ERROR:  x", other])).toHaveLength(2);
  });

  it("both lines of Java's own logging, with the exception", () => {
    expect(outline(captured("lines/java-logging")).map(([, size]) => size)).toEqual([
      ...[2, 2, 2, 2],
      // Every event here begins with a head: a line without one is the second of a message.
      3,
      15,
      3,
    ]);
  });

  it("zap's stacks, behind warnings and worse", () => {
    expect(outline(captured("lines/zap")).map(([, size]) => size)).toEqual([1, 1, 5, 5, 1, 1, 1, 1, 1]);
  });

  it("a trace between two lines of Flask", () => {
    expect(outline(captured("lines/flask")).filter(([, size]) => size > 1)).toEqual([
      ["[2026-11-22 14:44:25,014] ERROR in app: Exception on /missing [GET]", 17],
    ]);
  });
});

describe("traces from the programs' documents", () => {
  it.each([
    [
      "Spring Boot, whose trace stands behind an empty line",
      [
        "2026-01-31T12:00:00.123Z ERROR 1 --- [main] c.s.Cart : failed",
        "",
        "java.lang.RuntimeException: x",
        "\tat a.B.c(B.java:7) ~[app.jar:1.0]",
        "\t... 12 common frames omitted",
      ],
    ],
    [
      ".NET's uncaught exception",
      [
        "Unhandled exception. System.InvalidOperationException: outer",
        " ---> System.Exception: inner",
        "   at Shop.Cart.Pay() in /src/Cart.cs:line 7",
        "   --- End of inner exception stack trace ---",
        "   at Program.Main(String[] args)",
      ],
    ],
    [
      ".NET's console logger",
      ["fail: Shop.Cart[7]", "      cannot pay", "      System.Exception: x", "         at Shop.Pay()"],
    ],
    [
      "Node's uncaught error with a cause",
      [
        "file:///app/app.mjs:7",
        "throw failed;",
        "^",
        "",
        "Error: cannot load",
        "    at file:///app/app.mjs:3:46 {",
        "  code: 'E_CFG',",
        "  [cause]: TypeError: Cannot read properties of null (reading 'x')",
        "      at read (file:///app/app.mjs:3:29)",
        "      at listOnTimeout (node:internal/timers:581:17)",
        "}",
        "",
        "Node.js v20.20.2",
      ],
    ],
    [
      "PHP's stack behind the end of a message of several lines",
      ["second line in /app/a.php:3", "Stack trace:", "#0 /app/a.php(7): f()", "#1 {main}"],
    ],
    [
      "Rust's backtrace behind a message of several lines",
      [
        "stack backtrace:",
        "   0: core::panicking::panic_fmt",
        "             at /rustc/5/lib.rs:80:14",
        "   1: shop::main",
      ],
    ],
    ["pretty JSON", ["{", '  "a": {', '    "b": 1', "  }", "}"]],
    [
      "Laravel",
      [
        '[2026-01-31 12:00:00] production.ERROR: x {"exception":"[object] (Exception(code: 0): x at /app/a.php:3)',
        "[stacktrace]",
        "#0 /app/b.php(7): f()",
        "#1 {main}",
        '"} ',
      ],
    ],
    [
      "Rust before 1.73",
      [
        "thread 'main' panicked at 'boom', src/main.rs:2:5",
        "note: run with `RUST_BACKTRACE=1` environment variable",
      ],
    ],
  ])("%s is one event", (_, lines) => {
    expect(events(["ready", ...lines, "next"])).toEqual([["ready"], lines, ["next"]]);
  });
});

describe("nothing joins that does not belong", () => {
  it.each([
    ["indented text", ["list:", "  first", "  second"]],
    ["a tab behind text", ["a", "\tb"]],
    ["a traceback behind a line without trouble", ["INFO:a:b", "Traceback (most recent call last):"]],
    ["an exception's line behind a line without trouble", ["INFO a", "java.lang.Exception: x"]],
    ["an error behind an error", ["ERROR a", "ERROR b", "Error: c"]],
    ["a level behind a traceback", ["Traceback (most recent call last):", "INFO: x"]],
    ["a caret", ["text", "    ^"]],
    ["at", ["text", "  at noon"]],
    ["a brace", ["text", "}"]],
    ["Stack trace", ["all well", "Stack trace:"]],
    ["a numbered list", ["ERROR a", "#1 b"]],
    ["a note", ["text", "note: run with x"]],
    ["exit status", ["text", "exit status 2"]],
    ["empty lines", ["a", "", "", "b"]],
  ])("%s", (_, lines) => {
    expect(events(lines)).toEqual(lines.map((line) => [line]));
  });

  it("is said of JSON lines at once: whole, and nothing follows", () => {
    const joiner = createJoiner(sampleContainer());
    expect(joiner.relate('{"level":"error"}')).toBe("whole");
    expect(joiner.relate("Traceback (most recent call last):")).toBe("starts");
    expect(joiner.relate('{"a":1}')).toBe("whole");
    expect(joiner.relate('  File "a.py", line 1, in f')).toBe("starts");
    expect(joiner.relate("")).toBe("whole");
  });

  it("forgets what was pending when it is reset", () => {
    const joiner = createJoiner(sampleContainer());
    expect(joiner.relate("ERROR:a:b")).toBe("starts");
    joiner.reset();
    expect(joiner.relate("Traceback (most recent call last):")).toBe("starts");
    joiner.reset();
    expect(joiner.relate("    1 / 0")).toBe("starts");
  });
});

describe("a container's own start pattern", () => {
  const container = sampleContainer({ multiline: "^\\d" });
  const compilePattern = (source: string) => new RegExp(source);

  it("joins every line that does not match", () => {
    const joiner = createJoiner(container, { compilePattern });
    expect(events(["lost", "1 a", "b", "", '{"c":1}', "2 d"], joiner)).toEqual([
      ["lost"],
      ["1 a", "b", "", '{"c":1}'],
      ["2 d"],
    ]);
    joiner.reset();
    expect(joiner.relate("e")).toBe("starts");
  });

  it("is left out and complained of when it cannot be compiled", () => {
    const bad: unknown[] = [];
    const onBad = (_: unknown, cause: unknown) => bad.push(cause);
    const broken = sampleContainer({ multiline: "(" });
    const joiner = createJoiner(broken, { compilePattern, onBad });
    expect(events(captured("traces/python-plain"), joiner)).toHaveLength(2);
    expect(bad).toHaveLength(1);
    createJoiner(broken, { onBad });
    expect(bad).toHaveLength(2);
    createJoiner(sampleContainer(), { onBad });
    expect(bad).toHaveLength(2);
  });
});

describe("coloured lines", () => {
  it("meet a container's own pattern without their colours", () => {
    const container = sampleContainer({ multiline: "^\\d{4}-\\d\\d-\\d\\d " });
    const joiner = createJoiner(container, { compilePattern: (source) => new RegExp(source) });
    const dated = (time: string, rest: string) => `\u001b[2m2026-11-29 ${time}\u001b[0m ${rest}`;
    const lines = [
      dated("09:00:00", "\u001b[32mINFO\u001b[0m first"),
      dated("09:00:01", "\u001b[31mERROR\u001b[0m second"),
      "  detail of the second",
      dated("09:00:02", "\u001b[32mINFO\u001b[0m third"),
    ];
    expect(events(lines, joiner).map((event) => event.length)).toEqual([1, 2, 1]);
  });

  it.each([
    [
      "Node's frames in a terminal",
      [
        "Error: ENOENT: no such file",
        "\u001b[90m    at async open (node:internal/fs/promises:637:25)\u001b[39m",
      ],
    ],
    [
      "Python 3.13's chained traceback in a terminal",
      [
        "Traceback (most recent call last):",
        '  File \u001b[35m"/app/a.py"\u001b[0m, line \u001b[35m2\u001b[0m, in \u001b[35m<module>\u001b[0m',
        "    {}\u001b[31m['price']\u001b[0m",
        "\u001b[1;35mKeyError\u001b[0m: \u001b[35m'price'\u001b[0m",
        "",
        "During handling of the above exception, another exception occurred:",
        "",
        "Traceback (most recent call last):",
        '  File \u001b[35m"/app/a.py"\u001b[0m, line \u001b[35m4\u001b[0m, in \u001b[35m<module>\u001b[0m',
        "\u001b[1;35mValueError\u001b[0m: \u001b[35mno price\u001b[0m",
      ],
    ],
  ])("%s are one event", (_, lines) => {
    expect(events(["ready", ...lines])).toEqual([["ready"], lines]);
  });
});

describe("a private key that is printed", () => {
  const begin = "-----BEGIN RSA PRIVATE KEY-----";
  const end = "-----END RSA PRIVATE KEY-----";
  it.each([
    ["alone", ["a", begin, "MIIEow+/", "x==", end, "b"], [1, 4, 1]],
    ["behind words", [`the key: ${begin}`, "MIIE", end, "it is over"], [3, 1]],
    ["with headers", [begin, "Proc-Type: 4,ENCRYPTED", "", "MIIE", end], [5]],
    ["twice", [begin, "MIIE", end, begin, "MIIE", end], [3, 3]],
    [
      "with another thread's lines in it",
      [begin, "MIIE", "2026: at work", "and more", "MIIF", end, "b"],
      [6, 1],
    ],
    ["and cut", [begin, "MIIE", "1: a", "2: b", "3: c", "4: d"], [5, 1]],
    ["before JSON", [begin, "MIIE", '{"a":1}'], [2, 1]],
    ["which is public", ["-----BEGIN PUBLIC KEY-----", "MIIE", "-----END PUBLIC KEY-----"], [1, 1, 1]],
  ])("is one event: %s", (_, lines, counts) => {
    expect(events(lines).map((event) => event.length)).toEqual(counts);
  });
});

describe("whatever is printed", () => {
  const pool = Object.keys(programs).flatMap((name) => captured(`traces/${name}`));
  const anyLine = fc.oneof(
    fc.constantFrom(...pool),
    fc.string(),
    fc.constantFrom("", "{", "}", '{"a":1}', "    at x:1:2", "-----BEGIN PRIVATE KEY-----"),
  );

  it("loses no line, keeps the order, and begins with a beginning", () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 60 }), (lines) => {
        const joiner = createJoiner(sampleContainer());
        lines.slice(0, 1).forEach((line) => {
          expect(joiner.relate(line)).not.toBe("joins");
        });
        joiner.reset();
        expect(events(lines, joiner).flat()).toEqual(lines);
      }),
    );
  });

  it("depends only on what came since the last reset, and on what it had learned by then", () => {
    fc.assert(
      fc.property(
        fc.array(anyLine, { maxLength: 20 }),
        fc.array(anyLine, { maxLength: 20 }),
        (before, after) => {
          const used = createJoiner(sampleContainer());
          for (const line of before) used.relate(line);
          used.reset();
          const fresh = createJoiner(sampleContainer());
          fresh.learned = used.learned;
          expect(after.map((line) => used.relate(line))).toEqual(after.map((line) => fresh.relate(line)));
        },
      ),
    );
  });
});
