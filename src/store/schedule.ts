interface ScheduleOptions {
  readonly batchSize: number;
  readonly flushIntervalMs: number;
}

/** What is known when the next commit is to be fixed. Times in milliseconds of one clock. */
export interface Due {
  /** Records noted since the last commit began. */
  readonly records: number;
  /** When the first of them, or anything else that has to be committed some time, was noted. */
  readonly firstMs: number | undefined;
  readonly urgent: boolean;
  readonly lastStartMs: number;
}

/** Commits for a full batch begin at most once a second … */
const BATCH_SPACING_MS = 1000;
/** … urgent ones a little sooner, so that they are done within the second. */
const URGENT_SPACING_MS = 750;

/** When the next commit should begin; undefined when there is nothing to commit. */
export function nextCommitMs(due: Due, options: ScheduleOptions): number | undefined {
  if (due.firstMs === undefined) return undefined;
  const latest = due.firstMs + options.flushIntervalMs;
  if (due.urgent) return Math.min(latest, due.lastStartMs + URGENT_SPACING_MS);
  if (due.records >= options.batchSize) return Math.min(latest, due.lastStartMs + BATCH_SPACING_MS);
  return latest;
}

/** Begins commits when they are due. Records that come while one runs count for the next: under load batches grow by themselves. */
export class Schedule {
  readonly #options: ScheduleOptions;
  readonly #commit: () => Promise<void>;
  #records = 0;
  #firstMs: number | undefined;
  #urgent = false;
  #lastStartMs = Number.NEGATIVE_INFINITY;
  #isCommitting = false;
  #timer: NodeJS.Timeout | undefined;
  #timerMs = Number.POSITIVE_INFINITY;
  #isStopped = false;

  /** `commit` must not throw. */
  constructor(options: ScheduleOptions, commit: () => Promise<void>) {
    this.#options = options;
    this.#commit = commit;
  }

  /** `count` may be 0: then only something small has changed, and the flush interval is soon enough. */
  note(count: number, urgent: boolean): void {
    this.#records += count;
    this.#urgent ||= urgent;
    this.#firstMs ??= performance.now();
    // Nothing new for the timer: called for each batch of lines, this must stay cheap.
    if (this.#timer !== undefined && !urgent && this.#records < this.#options.batchSize) return;
    this.#arm();
  }

  /** A commit begins now, whoever asked for it: what was noted so far is in it. */
  began(): void {
    this.#records = 0;
    this.#firstMs = undefined;
    this.#urgent = false;
    this.#lastStartMs = performance.now();
    this.#disarm();
  }

  stop(): void {
    this.#isStopped = true;
    this.#disarm();
  }

  #arm(): void {
    if (this.#isStopped || this.#isCommitting) return;
    const due: Due = {
      records: this.#records,
      firstMs: this.#firstMs,
      urgent: this.#urgent,
      lastStartMs: this.#lastStartMs,
    };
    const atMs = nextCommitMs(due, this.#options);
    if (atMs === undefined || atMs >= this.#timerMs) return;
    this.#disarm();
    this.#timerMs = atMs;
    this.#timer = setTimeout(() => void this.#run(), Math.max(0, atMs - performance.now()));
    this.#timer.unref();
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerMs = Number.POSITIVE_INFINITY;
  }

  async #run(): Promise<void> {
    this.#disarm();
    this.#isCommitting = true;
    await this.#commit();
    this.#isCommitting = false;
    this.#arm();
  }
}
