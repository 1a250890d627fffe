import type { Rotating, RotationRules } from "./joins.js";
import { type LogFile, type OpenLogFile, openLogFile } from "./log-file.js";
import { inodeOf, scanLog } from "./scan.js";

export interface LogFilesOptions extends Rotating {
  /** The file that the engine writes to. */
  readonly path: string;
  readonly rules: RotationRules;
  /** Files that the engine has removed are kept for reading up to so many bytes. */
  readonly removedBytes: number;
  readonly open?: OpenLogFile;
}

/** The files of one log, oldest first, open: `x.log.2.gz`, `x.log.1`, `x.log`. The engine writes to the last one. */
export class LogFiles {
  readonly #options: LogFilesOptions;
  readonly #files: LogFile[];

  private constructor(options: LogFilesOptions, files: LogFile[]) {
    this.#options = options;
    this.#files = files;
  }

  /**
   * Undefined while there is no log.
   * @throws what the system says when it may not be read
   */
  static open(options: LogFilesOptions): LogFiles | undefined {
    const { path, open = openLogFile } = options;
    const scan = scanLog({ path, newest: undefined, open });
    return scan && new LogFiles(options, scan.files);
  }

  /** The one to read; when it has come to its end and is not the last, `next` is called. */
  get first(): LogFile {
    return this.#files[0]!;
  }

  get isLast(): boolean {
    return this.#files.length === 1;
  }

  get all(): readonly LogFile[] {
    return this.#files;
  }

  next(): void {
    this.#files.shift()?.close();
  }

  /** Leaves out what stands before a file that is there. */
  skipTo(file: LogFile): void {
    while (this.first !== file) this.next();
  }

  /** What was printed before the first file is wanted from that moment on, in milliseconds; where it is gone, `first` has a gap before it. */
  wantSince(ms: number): void {
    this.first.gapBefore = !this.#options.rules.holdsAllSince(ms, this.#files, this.#options);
  }

  /** Looks whether the engine has begun new files, and opens them; it may have removed some already. */
  look(): void {
    const newest = this.#files.at(-1)!;
    const { path, rules, open = openLogFile } = this.#options;
    if (inodeOf(path) === newest.inode) return;
    // None when it was renamed just now, and not made anew; or all is gone.
    const scan = scanLog({ path, newest, open });
    const [first] = scan?.files ?? [];
    if (scan === undefined || first === undefined) return;
    if (!scan.met) first.gapBefore = !rules.joins(newest, scan.files, this.#options);
    this.#files.push(...scan.files);
    this.#letGo();
  }

  /** Once the container is gone: whether none can have been behind the last file. */
  get endKnown(): boolean {
    return this.#options.rules.wasLast(this.#files.at(-1)!, this.#options);
  }

  close(): void {
    for (const file of this.#files.splice(0)) file.close();
  }

  /** Removed files cost room on the disk that nobody has accounted for: the oldest, but for the one being read, are let go unread. */
  #letGo(): void {
    let bytes = 0;
    for (const file of this.#files) if (file.removed) bytes += file.bytes;
    while (bytes > this.#options.removedBytes && this.#files.length > 2) {
      const [file] = this.#files.splice(1, 1);
      bytes -= file!.bytes;
      file!.close();
      this.#files[1]!.gapBefore = true;
    }
  }
}
