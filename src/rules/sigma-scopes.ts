import type { Container } from "../core/container.js";
import type { LogRecord } from "../core/record.js";
import { sigmaAccess } from "./fields.js";
import { applies, type Logsource, logsourceText } from "./logsource.js";
import { buildIndex } from "./match/compile.js";
import type { CandidateIndex } from "./match/types.js";
import type { SigmaRule } from "./sigma.js";

/** The Sigma rules that apply to a container, with an index that names the few that could match a record. */
export interface SigmaScope {
  readonly rules: readonly SigmaRule[];
  readonly candidates: CandidateIndex<LogRecord>;
}

/** Finds the rules for each container: worked out when its first record comes, shared by containers of one log source. */
export class SigmaScopes {
  readonly #rules: readonly SigmaRule[];
  readonly #logsourceOf: (container: Container) => Logsource;
  readonly #logsources = new WeakMap<Container, Logsource>();
  readonly #byContainer = new WeakMap<Container, SigmaScope>();
  readonly #byLogsource = new Map<string, SigmaScope>();

  constructor(rules: readonly SigmaRule[], logsourceOf: (container: Container) => Logsource) {
    this.#rules = rules;
    this.#logsourceOf = logsourceOf;
  }

  of(container: Container): SigmaScope {
    let scope = this.#byContainer.get(container);
    if (scope === undefined) {
      scope = this.#make(this.#logsource(container));
      this.#byContainer.set(container, scope);
    }
    return scope;
  }

  /** The rules that none of these containers is a log source for: loaded, but asked about nothing. */
  inactive(containers: readonly Container[]): SigmaRule[] {
    const sources = containers.map((container) => this.#logsource(container));
    return this.#rules.filter((rule) => !sources.some((source) => applies(rule.logsource, source)));
  }

  #logsource(container: Container): Logsource {
    let logsource = this.#logsources.get(container);
    if (logsource === undefined) {
      logsource = this.#logsourceOf(container);
      this.#logsources.set(container, logsource);
    }
    return logsource;
  }

  #make(logsource: Logsource): SigmaScope {
    const key = logsourceText(logsource);
    let scope = this.#byLogsource.get(key);
    if (scope === undefined) {
      const rules = this.#rules.filter((rule) => applies(rule.logsource, logsource));
      scope = {
        rules,
        candidates: buildIndex(
          rules.map((rule) => rule.match),
          sigmaAccess,
        ),
      };
      this.#byLogsource.set(key, scope);
    }
    return scope;
  }
}
