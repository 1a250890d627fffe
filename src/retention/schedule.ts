import { createTask, type ScheduledTask, validate } from "node-cron";
import { causeText, SidecarError } from "../core/errors.js";

interface ScheduleOptions {
  /** A cron expression of five or six fields; `off` for never. */
  readonly cron: string;
  readonly timeZone: string;
  /** Never rejects; called while it is going on, it begins nothing. */
  readonly run: () => Promise<void>;
}

const MINUTE_MS = 60_000;
/** What was due longer ago than this is made up without looking for its minute. */
const LOOKED_BACK_MS = 2 * 86_400_000;

/** Calls for a run when one is due, and when one was missed. */
export class Schedule {
  readonly #task: ScheduledTask | undefined;
  /** The same without seconds: what was missed is looked for minute by minute. */
  readonly #minutes: ScheduledTask | undefined;
  readonly #run: () => Promise<void>;
  #next: Date | undefined;

  /** @throws SidecarError SETTINGS_INVALID for an expression that cannot be one. */
  constructor({ cron, timeZone, run }: ScheduleOptions) {
    this.#run = run;
    this.#task =
      cron === "off"
        ? undefined
        : makeTask(cron, () => createTask(cron, run, { timezone: timeZone, unref: true }));
    // A busy or sleeping machine comes to it a second late or more: node-cron would leave that run out.
    this.#task?.on("execution:missed", run);
    const minutes = cron.trim().split(/\s+/).slice(-5).join(" ");
    this.#minutes = this.#task && createTask(minutes, run, { timezone: timeZone });
  }

  /** From now on; a run that was due since the last one, in milliseconds since 1970, is made up at once. */
  start(lastRunMs: number | undefined): void {
    const minutes = this.#minutes;
    if (minutes === undefined) return;
    void this.#task?.start();
    if (wasDue((minute) => minutes.match(minute), lastRunMs, Date.now())) void this.#run();
  }

  /** When the next run is due. The expression is asked again when that is over: it is a question of 0.5 ms, and the status puts it each 2 s. */
  get next(): Date | undefined {
    if (this.#next === undefined || this.#next.getTime() <= Date.now())
      this.#next = this.#task?.getNextRun() ?? undefined;
    return this.#next;
  }

  stop(): void {
    void this.#task?.destroy();
    void this.#minutes?.destroy();
  }
}

/** Whether a run was due after the last one and has not been. */
export function wasDue(
  matches: (minute: Date) => boolean,
  lastRunMs: number | undefined,
  nowMs: number,
): boolean {
  if (lastRunMs === undefined || nowMs - lastRunMs > LOOKED_BACK_MS) return true;
  let minuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  for (; minuteMs > lastRunMs; minuteMs -= MINUTE_MS) if (matches(new Date(minuteMs))) return true;
  return false;
}

function makeTask(cron: string, make: () => ScheduledTask): ScheduledTask {
  try {
    const task = make();
    // Some that are never due are taken without a word.
    if (validate(cron)) return task;
    throw new Error("such a date never comes");
  } catch (cause) {
    throw new SidecarError(
      "SETTINGS_INVALID",
      `SIDECAR_RETENTION_CRON=${cron} is no cron expression: ${causeText(cause)}`,
      {
        remedy:
          "Use five fields such as `0 * * * *` (each hour) or `30 3 * * *` (at half past three), or off.",
      },
    );
  }
}
