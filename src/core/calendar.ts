import { SidecarError } from "./errors.js";

const MINUTE_LENGTH = "2026-01-31T23:59".length;
const DATE_LENGTH = "2026-01-31".length;
const HOUR_MS = 3_600_000;
/** A backlog of many days, read minute by minute, must not fill the memory. */
const MINUTES_KEPT = 4096;

/** Tells on which calendar date of the configured time zone an engine timestamp falls, and when a date is over. */
export class Calendar {
  readonly #zone: string;
  readonly #isUtc: boolean;
  readonly #format: Intl.DateTimeFormat;
  /** Dates by minute. Zones differ from UTC by whole minutes, so a minute never holds two dates. */
  readonly #minutes = new Map<string, string>();
  #minute = "none";
  #date = "";
  readonly #ends = new Map<string, number>();

  /** `zone` as `TZ` names it: `Europe/Berlin`, `UTC`. */
  constructor(zone: string) {
    this.#format = dateFormat(zone);
    this.#zone = this.#format.resolvedOptions().timeZone;
    this.#isUtc = this.#zone === "UTC";
  }

  get zone(): string {
    return this.#zone;
  }

  /** The date `YYYY-MM-DD` of an engine timestamp (RFC 3339, UTC). The same date is always the same string object while it lasts. */
  dateOf(ts: string): string {
    // The next line almost always falls into the same minute (or day, when dates are UTC's own).
    return ts.startsWith(this.#minute) ? this.#date : this.#lookUp(ts);
  }

  /** The moment, in milliseconds since 1970, from which no timestamp can fall on the date any more. */
  endOfDateMs(date: string): number {
    let end = this.#ends.get(date);
    if (end === undefined) {
      end = this.#findEnd(date);
      this.#ends.set(date, end);
    }
    return end;
  }

  #lookUp(ts: string): string {
    const key = ts.slice(0, this.#isUtc ? DATE_LENGTH : MINUTE_LENGTH);
    let date = this.#minutes.get(key);
    if (date === undefined) {
      date = this.#isUtc ? key : this.#localDate(Date.parse(`${key}Z`));
      if (this.#minutes.size >= MINUTES_KEPT) this.#minutes.clear();
      this.#minutes.set(key, date);
    }
    this.#minute = key;
    this.#date = date;
    return date;
  }

  #localDate(ms: number): string {
    const parts: Record<string, string> = {};
    for (const { type, value } of this.#format.formatToParts(ms)) parts[type] = value;
    return `${parts["year"]?.padStart(4, "0")}-${parts["month"]}-${parts["day"]}`;
  }

  /**
   * Goes back from a moment that is later than the date everywhere on Earth. From behind, because a zone that sets its clock
   * back over midnight has the date twice, and the second time counts.
   */
  #findEnd(date: string): number {
    const utcEnd = Date.parse(`${date}T00:00:00Z`) + 24 * HOUR_MS;
    if (this.#isUtc) return utcEnd;
    let after = utcEnd + 14 * HOUR_MS;
    let within = after;
    while (this.#localDate(within) > date) {
      after = within;
      within -= HOUR_MS / 4;
    }
    while (after - within > 1) {
      const middle = Math.floor((after + within) / 2);
      if (this.#localDate(middle) > date) after = middle;
      else within = middle;
    }
    return after;
  }
}

function dateFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
  } catch (cause) {
    throw new SidecarError("SETTINGS_INVALID", `TZ=${timeZone} is not a time zone`, {
      cause,
      remedy: "Use a name such as UTC or Europe/Berlin.",
    });
  }
}
