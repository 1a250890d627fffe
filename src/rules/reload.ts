import {
  logsourceLabelRefused,
  type RulesReport,
  rulesLoaded,
  rulesRefused,
  rulesReloaded,
} from "../telemetry/rules-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { listRuleFiles, type RuleFile } from "./files.js";
import { readRules } from "./load.js";
import type { LogsourceSetting } from "./logsource.js";
import { problemText, type RuleProblem, RulesInvalid } from "./problems.js";
import { RuleSet } from "./rule-set.js";

export interface RuleStoreOptions {
  /** The folder, or several with colons between. */
  readonly dir: string;
  readonly telemetry: Telemetry;
  readonly logsources?: readonly LogsourceSetting[];
}

/** How a reload ended. */
export type ReloadResult =
  | { readonly ok: true; readonly rules: RuleSet }
  | { readonly ok: false; readonly error: unknown; readonly problems: readonly RuleProblem[] };

/** Holds the rules in use, and replaces them all or none. */
export class RuleStore {
  readonly #options: RuleStoreOptions;
  #current: RuleSet;
  #stamp: string;
  #running: Promise<ReloadResult> | undefined;
  #next: Promise<ReloadResult> | undefined;

  private constructor(options: RuleStoreOptions, loaded: Loaded) {
    this.#options = options;
    this.#current = loaded.rules;
    this.#stamp = loaded.stamp;
  }

  /** @throws SidecarError RULES_INVALID: bad rules never start. */
  static async open(options: RuleStoreOptions): Promise<RuleStore> {
    const files = await listRuleFiles(options.dir);
    const rules = await loadFiles(options, files);
    rulesLoaded(options.telemetry, options.dir, reportOf(rules));
    return new RuleStore(options, { rules, stamp: stampOf(files) });
  }

  /** The rules to classify the next batch with. */
  get current(): RuleSet {
    return this.#current;
  }

  /**
   * Reads the folder again. Asked during a reload, it is read once more afterwards: what was changed meanwhile
   * may have been missed. All that ask in that time share the one that follows.
   */
  reload(why: string): Promise<ReloadResult> {
    if (this.#running === undefined) {
      this.#running = this.#run(why).finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      return this.reload(why);
    });
    return this.#next;
  }

  /** Reads the folder again when its files are others than those last read, good or bad. */
  async reloadIfChanged(why: string): Promise<ReloadResult | undefined> {
    if (this.#running !== undefined) return this.reload(why);
    let stamp: string;
    try {
      stamp = stampOf(await listRuleFiles(this.#options.dir));
    } catch (error) {
      // A folder that is gone for a moment while it is replaced: told once, as any other state of it.
      stamp = String(error);
    }
    return stamp === this.#stamp ? undefined : this.reload(why);
  }

  async #run(why: string): Promise<ReloadResult> {
    const { telemetry, dir } = this.#options;
    try {
      // The stamp is taken before the files are read: what changes meanwhile is seen as a change.
      const files = await listRuleFiles(dir);
      this.#stamp = stampOf(files);
      this.#current = await loadFiles(this.#options, files);
      rulesReloaded(telemetry, why, reportOf(this.#current));
      return { ok: true, rules: this.#current };
    } catch (error) {
      if (!(error instanceof RulesInvalid)) this.#stamp = String(error);
      rulesRefused(telemetry, why, error);
      return { ok: false, error, problems: error instanceof RulesInvalid ? error.problems : [] };
    }
  }
}

interface Loaded {
  readonly rules: RuleSet;
  readonly stamp: string;
}

async function loadFiles(options: RuleStoreOptions, files: readonly RuleFile[]): Promise<RuleSet> {
  const { source, fatal } = await readRules(files);
  if (fatal.length > 0) throw new RulesInvalid(fatal);
  return new RuleSet(source, {
    logsources: options.logsources ?? [],
    onLabelFault: (container, fault) => logsourceLabelRefused(options.telemetry, container.name, fault),
  });
}

function stampOf(files: readonly RuleFile[]): string {
  return files.map((file) => file.stamp).join("\n");
}

function reportOf(rules: RuleSet): RulesReport {
  return {
    files: rules.files.length,
    rules: rules.native.length,
    sigma: rules.sigma.length,
    leftOut: rules.leftOut.map(problemText),
  };
}
