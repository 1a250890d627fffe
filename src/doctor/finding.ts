/** Something that is not as it should be. */
export interface Finding {
  /** For programs: `engine-absent`, `no-rotation`. */
  readonly id: string;
  /** `error`: lines are not collected or not stored. `warning`: they may come to be lost, or something is not as it seems. */
  readonly level: "error" | "warning";
  /** What, on what. */
  readonly what: string;
  /** Why it matters. */
  readonly why: string;
  /** The line, setting or command that mends it. */
  readonly remedy: string;
}

/** What `doctor --json` prints. */
export interface DoctorReport {
  /** No error was found; there may be warnings. */
  readonly ok: boolean;
  /** What was looked at, and how it is: name and text. */
  readonly facts: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
}

/** What one examination gives. */
export interface Examined {
  readonly facts: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
}
