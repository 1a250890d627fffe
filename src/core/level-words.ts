import type { Level } from "./level.js";

/** Every spelling that programs are known to use, in lower case; found in any case. */
const WORDS: Readonly<Record<Level, string>> = {
  trace: "trace trac trce trc vrb finest finer silly sill t",
  debug:
    "debug debu dbug debg dbg fine verbose verb verbo config konfiguration configurar configurazione configuração konfig 구성 構成 配置 組態 디버그 调试 d v",
  info: "info information informational inf notice note noti ntc mark log success http default data timing ready start done infos hinweis información informazioni informações 資訊 情報 정보 信息 i n",
  warning:
    "warning warn warni wrn deprecated deprecation attention warnung avertissement advertencia avvertenza advertência varning 경고 警告 w",
  error:
    "error err eror erro fail failed failure severe exception fehler schwerwiegend grave allvarlig 重大 嚴重 오류 심각 错误 严重 err! e",
  critical:
    "critical criti crit crt fatal fata ftl fatl panic pani panik pnc dpanic emergency emerg emg alert alr f c",
};

/** A text longer than this is no level. */
const LONGEST_WORD = 40;

const letters = /^[A-Za-z]+$/;

const byWord = new Map<string, Level>();
for (const [level, words] of Object.entries(WORDS) as [Level, string][]) {
  for (const word of words.split(" ")) {
    byWord.set(word, level);
    byWord.set(word.toUpperCase(), level);
    byWord.set(`${word.slice(0, 1).toUpperCase()}${word.slice(1)}`, level);
  }
}

/**
 * The level that a word says: any case, colours and brackets around it ignored, degrees (slog's `INFO+2`,
 * Apache's `trace3`) left off, numbers written as text understood. `undefined` when it says none.
 */
export function levelOfWord(word: string): Level | undefined {
  const known = byWord.get(word);
  if (known !== undefined || word.length > LONGEST_WORD) return known;
  if (letters.test(word)) return byWord.get(word.toLowerCase());
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with the escape character
  const bare = word.replace(/\u001b\[[\d;]*m/g, "").replace(/^[\s[(<]+|[\s\])>:]+$/g, "");
  const lower = bare.toLowerCase();
  return byWord.get(lower) ?? byWord.get(lower.replace(/[+-]?\d{1,3}$/, "")) ?? numberInText(bare);
}

function numberInText(text: string): Level | undefined {
  return /^-?\d{1,3}$/.test(text) ? levelOfNumber(Number(text)) : undefined;
}

/**
 * A bare number under a name such as `level`: pino and bunyan (10 trace … 60 fatal), Monolog (100 debug … 600
 * emergency), Go's slog (-4 debug, 0 info, 4 warn, 8 error). Other numbers say nothing that can be trusted.
 */
export function levelOfNumber(value: number): Level | undefined {
  if (value >= 100) return monologLevel(value);
  if (value >= 10) return pinoLevel(value);
  return value % 4 === 0 && value >= -8 ? slogLevel(value) : undefined;
}

function pinoLevel(value: number): Level {
  if (value < 20) return "trace";
  if (value < 30) return "debug";
  if (value < 40) return "info";
  if (value < 50) return "warning";
  return value < 60 ? "error" : "critical";
}

function monologLevel(value: number): Level | undefined {
  if (value > 600) return undefined;
  if (value < 200) return "debug";
  if (value < 300) return "info";
  if (value < 400) return "warning";
  return value < 500 ? "error" : "critical";
}

function slogLevel(value: number): Level {
  if (value < -4) return "trace";
  if (value < 0) return "debug";
  if (value < 4) return "info";
  return value < 8 ? "warning" : "error";
}

/** Python's `levelno`: 10 debug, 20 info, 30 warning, 40 error, 50 critical; loguru's 5 is trace. */
export function pythonLevel(value: number): Level | undefined {
  if (!(value > 0)) return undefined;
  if (value < 10) return "trace";
  if (value < 20) return "debug";
  if (value < 30) return "info";
  if (value < 40) return "warning";
  return value < 50 ? "error" : "critical";
}

const SYSLOG: readonly Level[] = [
  "critical",
  "critical",
  "critical",
  "error",
  "warning",
  "info",
  "info",
  "debug",
];

/** Syslog's severity (RFC 5424, 6.2.1): 0 emergency … 7 debug. */
export function syslogLevel(value: number): Level | undefined {
  return SYSLOG[value];
}

/** OpenTelemetry's SeverityNumber: 1 to 24, four numbers a level. */
export function otelLevel(value: number): Level | undefined {
  if (!(value >= 1 && value <= 24)) return undefined;
  const levels: readonly Level[] = ["trace", "debug", "info", "warning", "error", "critical"];
  return levels[Math.floor((value - 1) / 4)];
}
