/** Rules over the fields of random-lines.ts, of all kinds that the schema knows. */

type Draw = <T>(values: readonly T[]) => T;

const FIELDS = [
  "component",
  "event_type",
  "message",
  "status",
  "duration_ms",
  "ok",
  "confidence",
  "inference_time",
  "label",
  "model_version",
  "category",
  "metadata.batch_size",
  "processing_time",
  "success_count",
  "error_count",
  "user",
  "attempts",
  "severity",
  "features",
  "meta.a.b",
  "meta.tags",
  "pid",
  "msg",
  "req.user",
  "req.method",
  "res.code",
  "weight",
  "a",
  "b",
  "c",
  "d",
  "e",
  "f",
  "tags",
  "service.name",
  "user_id",
  "path",
  "data.level",
  "log_sidecar.level",
  "data.stream",
  "container.name",
  "time",
  "data.message",
  "none",
  "ratio(error_count, success_count)",
  "ratio(status, duration_ms)",
] as const;
const WHOLE_FIELDS = ["text", "line", "ts"] as const;
const WORDS = [
  "done",
  "INFO",
  "error",
  "request",
  "inference",
  "auth_failure",
  "login",
  "api",
  "onnx_sentiment",
  "주문",
  "text 3",
  "of 77",
  "4",
  "5",
  "true",
  "up",
  "high",
  "security",
  "GET",
  "/a",
  "failed",
  'quote"',
  "back\\",
  "a,b",
  "é",
  "K",
  "\u212a",
  "ſlow",
  "00",
  " ",
  "-5",
] as const;
const WILD = ["text*", "*of*", "t?xt *", "*done", "a*", "*", "?", "*\\**", "ſ*", "주*"] as const;
const PATTERNS = [
  "text \\d+1 of",
  "^done$",
  "o{2}",
  "(?i)LOGIN",
  "[0-9]{5}",
  "주문.*거부",
  "of .*2$",
  "^$",
] as const;
const NUMBERS = [0, 1, 4, 5, 5.5, 7, 30, 50, 99, 100, 300, 500, -1, 1e6] as const;

export function randomRules(random: () => number): string {
  const any: Draw = (values) => values[Math.floor(random() * values.length)]!;
  const chance = (share: number) => random() < share;
  const some = <T>(most: number, make: () => T): T[] =>
    Array.from({ length: 1 + Math.floor(random() * most) }, make);
  const field = () => (chance(0.04) ? any(WHOLE_FIELDS) : any(FIELDS));

  function item(): [string, unknown] {
    const name = field();
    const numbers = () => (chance(0.7) ? any(NUMBERS) : some(3, () => any(NUMBERS)));
    const words = () =>
      chance(0.6)
        ? any(WORDS)
        : some(chance(0.1) ? 90 : 4, () => (chance(0.9) ? any(WORDS) : `w${Math.floor(random() * 1e4)}`));
    switch (Math.floor(random() * 16)) {
      case 0:
      case 1:
      case 2:
        return [name, words()];
      case 3:
        return [name, numbers()];
      case 4:
        return [`${name}|${any(["gt", "gte", "lt", "lte"])}`, any(NUMBERS)];
      case 5:
        return [`${name}|${any(["gt", "lte"])}`, any(NUMBERS)];
      case 6:
        return [`${name}|contains`, words()];
      case 7:
        return [
          `${name}|${any(["startswith", "endswith", "cased", "contains|cased", "windash", "contains|windash"])}`,
          words(),
        ];
      case 8:
        return [`${name}|contains|all`, some(3, () => any(WORDS))];
      case 9:
        return [`${name}|re${any(["", "|i", "|s"])}`, any(PATTERNS)];
      case 10:
        return [name, any(WILD)];
      case 11:
        return [`${name}|exists`, chance(0.5)];
      case 12:
        return [name, any([null, "", null])];
      case 13:
        return [`${name}|neq`, chance(0.5) ? any(WORDS) : any(NUMBERS)];
      case 14:
        return [`${name}|fieldref${any(["", "|contains", "|startswith"])}`, field()];
      default:
        return chance(0.5)
          ? ["level|gte", any(["info", "warning", "error"])]
          : [`${name}|${any(["hour|gte", "day", "base64offset|contains"])}`, any([1, 22, 23])];
    }
  }
  const map = () => Object.fromEntries(some(2, item));
  function match(): unknown {
    const kind = random();
    if (kind < 0.6) return map();
    if (kind < 0.7) return some(3, map);
    if (kind < 0.73) return some(2, () => any(WORDS.filter((word) => word.trim() !== "")));
    if (kind < 0.75) return "always";
    return {
      one: map(),
      two: chance(0.5) ? map() : some(2, map),
      condition: any([
        "one and not two",
        "one or two",
        "not one",
        "1 of them",
        "all of them",
        "not (one and two)",
      ]),
    };
  }
  const columns = () =>
    [...new Set(some(4, () => (chance(0.8) ? field() : any(["ts", "stream"] as const))))].filter(
      (name) => name !== "ts",
    );
  function rule(index: number): object {
    const tagged = {
      tagged: {
        tags: [`r${index}`],
        severity: chance(0.7) ? "low" : { from: field(), otherwise: "low" },
        retention: any(["permanent", "7d", "30d"]),
      },
    };
    const targets = {
      ...(chance(0.4) && { raw: {} }),
      ...(chance(0.4) && {
        summary: {
          table: `t${index}`,
          columns: Object.fromEntries([...columns(), "message"].map((name, at) => [`c${at}`, name])),
        },
      }),
      ...(chance(0.15) && {
        training: {
          dataset: `d${index}`,
          features: some(2, () =>
            any(["features", "confidence", "duration_ms", "status", "weight", "b"] as const),
          ).filter((name, at, all) => all.indexOf(name) === at),
          ...(chance(0.5) && { label: any(["label", "level", "ok"] as const) }),
          ...(chance(0.3) && { format: "pkl" }),
        },
      }),
      ...(chance(0.4) && tagged),
    };
    const drops = chance(0.08);
    return {
      id: `r${index}`,
      match: match(),
      ...(drops ? { drop: true } : { to: Object.keys(targets).length === 0 ? { raw: {} } : targets }),
      ...(!drops && chance(0.6) && { continue: true }),
      ...(!drops && chance(0.05) && { set: { [any(["seen", "user"])]: any(["x", 1, true]) } }),
      ...(!drops && chance(0.05) && { redact: [any(["user", "label", "path", "message"])] }),
      ...(!drops && chance(0.04) && { dedupe: { window: "10s", ...(chance(0.5) && { by: [field()] }) } }),
      ...(chance(0.05) && {
        extract: { pattern: "(?<part>\\d+) of", from: any(["message", "user"]), types: { part: "int" } },
      }),
      ...(chance(0.06) && {
        metric: { name: `m${index}_total`, type: "counter", labels: [any(["component", "label", "ok"])] },
      }),
    };
  }
  const rules = some(chance(0.1) ? 60 : 10, () => 0).map((_, index) => rule(index));
  return JSON.stringify({ rules, default: "raw" });
}
