import type { Container } from "../core/container.js";
import type { LogRecord } from "../core/record.js";
import { applies, type Logsource, logsourceText } from "./logsource.js";
import { buildIndex } from "./match/compile.js";
import type { CandidateIndex, FieldAccess } from "./match/types.js";
import type { SigmaRule } from "./sigma.js";

/** Rules that reach fields in one way, with an index that names the few of them that could match a record. */
interface SigmaGroup {
  readonly rules: readonly SigmaRule[];
  readonly candidates: CandidateIndex<LogRecord>;
}

/** The Sigma rules that apply to a container: one group, or one for each set of field aliases. */
export interface SigmaScope {
  readonly rules: readonly SigmaRule[];
  readonly groups: readonly SigmaGroup[];
}

export interface SigmaScopesOptions {
  readonly logsourceOf: (container: Container) => Logsource;
  /** Every container counts as every log source, so that all rules are asked. */
  readonly anyLogsource: boolean;
}

/** Finds the rules for each container: worked out when its first record comes, shared by containers of one log source. */
export class SigmaScopes {
  readonly #rules: readonly SigmaRule[];
  readonly #options: SigmaScopesOptions;
  readonly #logsources = new WeakMap<Container, Logsource>();
  readonly #byContainer = new WeakMap<Container, SigmaScope>();
  readonly #byLogsource = new Map<string, SigmaScope>();

  constructor(rules: readonly SigmaRule[], options: SigmaScopesOptions) {
    this.#rules = rules;
    this.#options = options;
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
    if (this.#options.anyLogsource) return [];
    const sources = containers.map((container) => this.#logsource(container));
    return this.#rules.filter((rule) => !sources.some((source) => applies(rule.logsource, source)));
  }

  #logsource(container: Container): Logsource {
    let logsource = this.#logsources.get(container);
    if (logsource === undefined) {
      logsource = this.#options.logsourceOf(container);
      this.#logsources.set(container, logsource);
    }
    return logsource;
  }

  #make(logsource: Logsource): SigmaScope {
    const { anyLogsource } = this.#options;
    const key = anyLogsource ? "any" : logsourceText(logsource);
    let scope = this.#byLogsource.get(key);
    if (scope === undefined) {
      const rules = this.#rules.filter((rule) => anyLogsource || applies(rule.logsource, logsource));
      scope = { rules, groups: groupsOf(rules) };
      this.#byLogsource.set(key, scope);
    }
    return scope;
  }
}

function groupsOf(rules: readonly SigmaRule[]): SigmaGroup[] {
  const byAccess = new Map<FieldAccess<LogRecord>, SigmaRule[]>();
  for (const rule of rules) {
    const group = byAccess.get(rule.access);
    if (group === undefined) byAccess.set(rule.access, [rule]);
    else group.push(rule);
  }
  return [...byAccess].map(([access, group]) => ({
    rules: group,
    candidates: buildIndex(
      group.map((rule) => rule.match),
      access,
    ),
  }));
}
