/**
 * How the matching language reaches the fields of a subject `S` (a record, a JSON event …).
 * `field` is called when rules are compiled; the getter it returns runs for every line.
 */
export interface FieldAccess<S> {
  /**
   * Getter of one field as a rule names it. The getter gives undefined where the field is absent, and otherwise
   * anything JSON can hold; see `fieldPath` for the resolution that native and Sigma rules share.
   */
  field(name: string): (subject: S) => unknown;
  /** What keywords search: every scalar value of the whole event, and its text where it is not JSON. */
  values(subject: S): Iterable<unknown>;
  /**
   * Ranks of a field whose order is not numeric (`level`), by lower-case name, for gt, gte, lt and lte;
   * undefined for ordinary fields.
   */
  order?(name: string): ReadonlyMap<string, number> | undefined;
  /** Lets the index pass over fields that a line cannot have without asking for each; optional. */
  readonly keys?: KeyAccess<S>;
}

/** What the index may know about absent fields before it asks their getters. */
export interface KeyAccess<S> {
  /** Calls back with each top-level key of the subject's JSON object: a list of them would have to be made for each line. */
  each(subject: S, visit: (key: string) => void): void;
  /**
   * The top-level keys without one of which `field(name)` gives undefined; see `headsOf`.
   * Undefined where that cannot be said (fields of the record itself, aliases): such a field is always asked.
   */
  heads(name: string): readonly string[] | undefined;
}

/** A compiled test. Never throws, whatever the subject holds, and takes time linear in its size. */
export type Predicate<S> = (subject: S) => boolean;

/** What is wrong with a match or detection, and where. */
export interface MatchProblem {
  /** Keys and list positions from the value given to the compiler down to the offending node. */
  readonly path: readonly (string | number)[];
  /** Set when the last key of `path` is wrong itself (an unknown modifier), not what stands under it. */
  readonly atKey?: boolean;
  /** Character within the scalar at `path`, where it is known (conditions). */
  readonly offset?: number;
  /** Set for what is no mistake, but not to be had here (`expand`). */
  readonly unsupported?: boolean;
  /** What is wrong, why, and what was probably meant. */
  readonly message: string;
}

/** One line of an explanation: what is asked, and the test that answers it for a subject. */
export interface ExplainNode<S> {
  /** For instance `EventID: 4688` as written, `all of`, `not`, or a selection's name. */
  readonly text: string;
  readonly test: Predicate<S>;
  readonly children: readonly ExplainNode<S>[];
}

/** Something a subject must have so that a test can be true. Values are folded (see `fold`). */
export interface Need {
  /** The field as written; undefined: any value of the event (keywords). */
  readonly field: string | undefined;
  /** `equals` and `contains` one of the values; `present` has none. */
  readonly how: "equals" | "contains" | "present";
  readonly values: readonly string[];
}

/**
 * What a test makes of a field; who knows it can tell which values are all the same to the rules. `presence`: only whether it is there.
 * `words`: a text that holds none of them fails the test, capitals or not; `whole` where it must equal one. `bounds`: a number counts only
 * by where it stands among them. `value`: anything of it may count.
 */
export interface Use {
  /** The field as written; undefined: any value of the event (keywords). */
  readonly field: string | undefined;
  readonly how: "presence" | "words" | "bounds" | "value";
  readonly words: readonly string[];
  readonly whole: boolean;
  readonly bounds: readonly number[];
}

/** A match or detection, compiled. */
export interface CompiledMatch<S> {
  readonly test: Predicate<S>;
  /**
   * Necessary conditions, for `buildIndex`: of every list at least one need must hold for `test` to be true.
   * Empty when none is known (`not` alone, null).
   */
  readonly needs: readonly (readonly Need[])[];
  /** Everything that `test` looks at. */
  readonly uses: readonly Use[];
  readonly explain: ExplainNode<S>;
}

/** Either `compiled` or at least one problem. */
export interface MatchResult<S> {
  readonly compiled?: CompiledMatch<S>;
  readonly problems: readonly MatchProblem[];
}

/** Gives the positions, in rule order, of the rules that could match the subject; only those need their test run. */
export type CandidateIndex<S> = (subject: S) => readonly number[];
