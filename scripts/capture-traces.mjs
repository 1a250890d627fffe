// Writes test/records/captured/traces/<language>-<case>.txt: what small failing programs really print, standard
// output and standard error together. Run it by hand when a language is added; languages that are not installed
// are left out. Needs (Debian): python3, nodejs, openjdk-17-jdk-headless, golang-go, rustc, ruby, php-cli.
//
//     node scripts/capture-traces.mjs [LANGUAGE…]

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const target = new URL("../test/records/captured/traces/", import.meta.url).pathname;

/** Each case: the program's text. Each language: its file and the command that runs it. */
const languages = {
  python: {
    file: "app.py",
    command: ["/usr/bin/python3", "-u", "app.py"],
    cases: {
      plain: "def f():\n    return 1 / 0\n\nprint('before', flush=True)\nf()\n",
      chained:
        "def load():\n    try:\n        return {}['a']\n    except KeyError:\n        raise ValueError('no a')\n\ntry:\n    load()\nexcept ValueError as error:\n    raise RuntimeError('cannot start') from error\n",
      group:
        "def f():\n    raise ExceptionGroup('two', [ValueError(1), ExceptionGroup('inner', [TypeError('t')])])\nf()\n",
      logging:
        "import logging\nlogging.basicConfig(level=logging.INFO)\nlog = logging.getLogger('shop.cart')\nlog.info('starting')\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    log.exception('cannot divide')\nlog.info('going on')\nlog.error('no trace here')\nlog.warning('next')\n",
      dated:
        "import logging\nlogging.basicConfig(level=logging.INFO, format='%(asctime)s - %(name)s - %(levelname)s - %(message)s')\nlog = logging.getLogger('shop')\nlog.info('starting')\ntry:\n    try:\n        [][1]\n    except IndexError as error:\n        raise RuntimeError('empty') from error\nexcept RuntimeError:\n    log.exception('failed')\nlog.info('going on')\n",
      thread:
        "import threading\ndef work():\n    raise OSError('gone')\nt = threading.Thread(target=work)\nt.start()\nt.join()\nprint('after')\n",
      asyncio:
        "import asyncio, logging, gc\nlogging.basicConfig()\nasync def work():\n    raise ValueError('lost')\nasync def main():\n    asyncio.create_task(work())\n    await asyncio.sleep(0.01)\n    gc.collect()\nasyncio.run(main())\nprint('after')\n",
      syntax: "print('x')\ndef (:\n    pass\n",
      recursion: "def f(n):\n    return f(n + 1)\nf(0)\n",
      warning: "import warnings\nwarnings.warn('old way')\nprint('after')\n",
      notes: "error = ValueError('x')\nerror.add_note('  while reading shop.yaml')\nraise error\n",
    },
  },
  node: {
    file: "app.mjs",
    command: [process.execPath, "app.mjs"],
    cases: {
      uncaught: "console.error('before');\nfunction f() {\n  throw new TypeError('boom');\n}\nf();\n",
      properties: "import { readFileSync } from 'node:fs';\nreadFileSync('/does/not/exist');\n",
      rejection: "Promise.reject({ reason: 'none' });\n",
      logged:
        "console.log('before');\nconsole.error(new Error('failed', { cause: new RangeError('inner') }));\nconsole.log('after');\nconsole.error('request failed:', Object.assign(new Error('two'), { code: 'E_TWO', status: 500 }));\nconsole.log('end');\n",
      aggregate:
        "console.error(new AggregateError([new Error('a'), new Error('b')], 'both'));\nconsole.log('end');\n",
      warning: "process.emitWarning('old', 'DeprecationWarning', 'DEP1');\nconsole.log('end');\n",
      multiline: "throw new Error('first line\\nsecond line\\n\\nfourth line');\n",
      syntax: "console.log('x';\n",
      object:
        "console.log({ a: 1, list: Array.from({ length: 30 }, (_, i) => i * 1000), name: 'x'.repeat(70) });\nconsole.log('end');\n",
    },
  },
  java: {
    file: "App.java",
    command: ["java", "App.java"],
    cases: {
      uncaught:
        'public class App {\n  static void load() { throw new IllegalStateException("no config"); }\n  public static void main(String[] args) {\n    System.out.println("before");\n    try { load(); } catch (RuntimeException e) {\n      RuntimeException out = new RuntimeException("cannot start", e);\n      out.addSuppressed(new java.io.IOException("closing"));\n      throw out;\n    }\n  }\n}\n',
      logged:
        'import java.util.logging.*;\npublic class App {\n  public static void main(String[] args) {\n    System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tF %1$tT %4$s [%3$s] %5$s%6$s%n");\n    Logger log = Logger.getLogger("shop");\n    log.info("starting");\n    try { Integer.parseInt("x"); } catch (NumberFormatException e) { log.log(Level.SEVERE, "cannot parse", e); }\n    log.info("going on");\n  }\n}\n',
      printed:
        'public class App {\n  public static void main(String[] args) {\n    System.err.println("before");\n    new Exception("printed\\nin two lines").printStackTrace();\n    System.err.println("after");\n  }\n}\n',
    },
  },
  go: {
    file: "app.go",
    command: ["go", "run", "app.go"],
    cases: {
      index:
        'package main\n\nimport "fmt"\n\nfunc get(list []int, i int) int { return list[i] }\n\nfunc main() {\n\tfmt.Println("before")\n\tfmt.Println(get([]int{1}, len("abc")))\n}\n',
      nil: 'package main\n\nimport "time"\n\ntype shop struct{ n *int }\n\nfunc (s *shop) work() { *s.n = 1 }\n\nfunc main() {\n\tgo (&shop{}).work()\n\ttime.Sleep(time.Second)\n}\n',
      deadlock: "package main\n\nfunc main() {\n\tc := make(chan int)\n\tc <- 1\n}\n",
      repanic:
        'package main\n\nimport ("errors"; "log")\n\nfunc main() {\n\tlog.Println("before")\n\tdefer func() {\n\t\tif r := recover(); r != nil {\n\t\t\tpanic(errors.New("again"))\n\t\t}\n\t}()\n\tpanic("first")\n}\n',
      http: 'package main\n\nimport ("log"; "net/http"; "net/http/httptest")\n\nfunc main() {\n\ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic("handler") }))\n\thttp.Get(s.URL)\n\tlog.Println("after")\n}\n',
    },
  },
  rust: {
    file: "app.rs",
    command: ["sh", "-c", "rustc -g -o app app.rs 2>/dev/null && ./app"],
    cases: {
      panic:
        'fn main() {\n    println!("before");\n    let list: Vec<i32> = vec![];\n    println!("{}", list[3]);\n}\n',
      assert: 'fn main() {\n    assert_eq!(1 + 1, 3, "sums");\n}\n',
      thread:
        'fn main() {\n    let t = std::thread::spawn(|| { None::<i32>.expect("nothing there"); });\n    let _ = t.join();\n    eprintln!("after");\n}\n',
    },
    variants: { backtrace: { from: "panic", env: { RUST_BACKTRACE: "1" } } },
  },
  ruby: {
    file: "app.rb",
    command: ["ruby", "app.rb"],
    cases: {
      uncaught:
        "$stdout.sync = true\nputs 'before'\ndef load\n  raise KeyError, 'no key'\nend\nbegin\n  load\nrescue KeyError\n  raise ArgumentError, 'cannot start'\nend\n",
      logged:
        "require 'logger'\nlog = Logger.new($stderr)\nlog.info('starting')\nbegin\n  Integer('x')\nrescue ArgumentError => e\n  log.error(e)\nend\nlog.info('going on')\n",
    },
  },
  php: {
    file: "app.php",
    command: ["php", "-d", "display_errors=0", "-d", "log_errors=1", "app.php"],
    cases: {
      uncaught:
        "<?php\nfunction load($x) { throw new LogicException('no config'); }\ntry { load(1); } catch (LogicException $e) { throw new RuntimeException('cannot start', 0, $e); }\n",
      warning: "<?php\nerror_log('before');\necho $missing;\nerror_log('after');\n",
    },
  },
};

const wanted = process.argv.slice(2);
mkdirSync(target, { recursive: true });
for (const [name, language] of Object.entries(languages)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (
    spawnSync(language.command[0], ["--version"]).error &&
    spawnSync(language.command[0], ["version"]).error
  )
    continue;
  const runs = Object.entries(language.cases).map(([label, text]) => ({ label, text, env: {} }));
  for (const [label, variant] of Object.entries(language.variants ?? {})) {
    runs.push({ label, text: language.cases[variant.from], env: variant.env });
  }
  for (const run of runs) capture(`${name}-${run.label}`, language, run);
}

function capture(name, language, { text, env }) {
  const folder = mkdtempSync(join(tmpdir(), "trace-"));
  writeFileSync(join(folder, language.file), text);
  const [program, ...args] = language.command;
  const quoted = [program, ...args].map((part) => `'${part}'`).join(" ");
  const run = spawnSync("sh", ["-c", `${quoted} 2>&1`], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, RUST_BACKTRACE: "0", ...env },
  });
  rmSync(folder, { recursive: true });
  writeFileSync(
    join(target, `${name}.txt`),
    run.stdout.replaceAll(folder, "/app").replaceAll(/\/root\/[^\s]*?\/(?=lib|std)/g, "/usr/"),
  );
  console.log(`${name}: ${run.stdout.split("\n").length - 1} lines`);
}
