import { ERRORS, type ErrorCode, type ErrorEntry } from "./error-table.js";
import { remedyOfLimit } from "./file-limit.js";

export { ERRORS, type ErrorCode } from "./error-table.js";

/**
 * The one error class. `detail` says what failed and on what (file:line, container, folder); the message
 * adds the cause and the remedy, so that it can be shown as it is.
 */
export class SidecarError extends Error {
  override readonly name = "SidecarError";
  readonly code: ErrorCode;
  readonly detail: string;
  /** Detail and cause, without code and remedy. */
  readonly told: string;
  readonly remedy: string;
  readonly retry: boolean;
  readonly exit: 1 | 78;

  constructor(code: ErrorCode, detail: string, options: { cause?: unknown; remedy?: string } = {}) {
    const entry: ErrorEntry = ERRORS[code];
    // A limit of open files is met anywhere, and is never what the code is about.
    const remedy = options.remedy ?? remedyOfLimit(systemCode(options.cause)) ?? entry.remedy;
    const cause = options.cause === undefined ? "" : `: ${plainText(options.cause)}`;
    const told = `${detail}${cause}`;
    // A list of problems ends its own line.
    super(`${told}${told.endsWith("\n") ? "" : " "}[${code}] ${remedy}`, { cause: options.cause });
    this.code = code;
    this.detail = detail;
    this.told = told;
    this.remedy = remedy;
    this.retry = entry.retry;
    this.exit = entry.exit;
  }
}

/** The text of anything that was thrown, without its stack; where it is the limit of open files, with that limit and what to do. */
export function causeText(cause: unknown): string {
  const remedy = cause instanceof SidecarError ? undefined : remedyOfLimit(systemCode(cause));
  return remedy === undefined ? plainText(cause) : `${plainText(cause)} (${remedy})`;
}

function plainText(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** The system's error code (`ENOENT`, `ENOSPC` …) of anything that was thrown, if it has one. */
export function systemCode(cause: unknown): string | undefined {
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : undefined;
}
