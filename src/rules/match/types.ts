/**
 * How the matching language reaches the fields of a subject `S` (a record, a JSON event …).
 * `field` is called once for each name when rules are compiled; what it returns runs for every line.
 */
export interface FieldAccess<S> {
  /**
   * Getter of one field as a rule names it. The getter gives undefined where the field is absent, and otherwise
   * anything JSON can hold; see `lookup` for the resolution that native and Sigma rules share.
   */
  field(name: string): (subject: S) => unknown;
  /** What keywords search: every scalar value of the whole event, and its text where it is not JSON. */
  values(subject: S): Iterable<unknown>;
  /**
   * Ranks of a field whose order is not numeric (`level`), by lower-case name, for gt, gte, lt and lte;
   * undefined for ordinary fields.
   */
  order?(name: string): ReadonlyMap<string, number> | undefined;
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
  /** What is wrong, why, and what was probably meant. */
  readonly message: string;
}

/** One line of an explanation: what is asked, and the test that answers it for a subject. */
export interface ExplainNode<S> {
  /** For instance `EventID is 4688` or `any of`. */
  readonly text: string;
  readonly test: Predicate<S>;
  readonly children: readonly ExplainNode<S>[];
}

/** An equality that an index can look up: the field, as written, equals one of the values (lower-case text). */
export interface NeededEquality {
  readonly field: string;
  readonly values: readonly string[];
}

/** A match or detection, compiled. */
export interface CompiledMatch<S> {
  readonly test: Predicate<S>;
  /**
   * A necessary condition, for `buildIndex`: `test` can be true only when at least one of these equalities holds.
   * Undefined when no such condition is known (keywords alone, `not` alone, patterns, null).
   */
  readonly needs: readonly NeededEquality[] | undefined;
  readonly explain: ExplainNode<S>;
}

/** Either `compiled` or at least one problem. */
export interface MatchResult<S> {
  readonly compiled?: CompiledMatch<S>;
  readonly problems: readonly MatchProblem[];
}

/** Gives the positions, in rule order, of the rules that could match the subject; only those need their test run. */
export type CandidateIndex<S> = (subject: S) => readonly number[];
