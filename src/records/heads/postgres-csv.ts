/**
 * The columns of PostgreSQL's csvlog that are worth having:
 * https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-LOGGING-CSVLOG
 */
export const CSV_COLUMNS = {
  time: 0,
  user: 1,
  database: 2,
  pid: 3,
  client: 4,
  session: 5,
  command: 7,
  severity: 11,
  code: 12,
  message: 13,
  detail: 14,
  hint: 15,
  context: 18,
  query: 19,
  app: 22,
  backend: 23,
} as const;

const beginning =
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [A-Za-z0-9+:/_-]{1,32},(?:"(?:[^"]|""){0,128}")?,(?:"(?:[^"]|""){0,128}")?,\d{1,10},/;
/** Older versions have fewer columns at the end. */
const FEWEST = 14;
const MOST = 30;

/** Whether a line is the beginning of one of csvlog's. */
export function isPostgresCsv(text: string): boolean {
  const first = text.charCodeAt(0);
  // A dash behind the year, a point behind the seconds.
  if (first < 48 || first > 57 || text.charCodeAt(4) !== 45 || text.charCodeAt(19) !== 46) return false;
  return beginning.test(text);
}

/** The fields of a line of csvlog, which may have line ends inside quotes; undefined when it is none, or was cut. */
export function readPostgresCsv(text: string): readonly string[] | undefined {
  const fields: string[] = [];
  let at = 0;
  while (at <= text.length && fields.length < MOST) {
    if (text.charCodeAt(at) === 34) {
      const end = endOfQuoted(text, at + 1);
      if (end < 0) return undefined;
      fields.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 2;
    } else {
      const comma = text.indexOf(",", at);
      const end = comma < 0 ? text.length : comma;
      fields.push(text.slice(at, end));
      at = end + 1;
    }
  }
  return fields.length < FEWEST ? undefined : fields;
}

function endOfQuoted(text: string, from: number): number {
  let end = text.indexOf('"', from);
  while (end >= 0 && text.charCodeAt(end + 1) === 34) end = text.indexOf('"', end + 2);
  return end;
}
