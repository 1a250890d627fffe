import type { Command } from "commander";
import type { Console } from "./console.js";

/**
 * What a command needs of the program that it belongs to. A command imports what it works with when it is asked for: the health
 * check, which is asked for all the time, need not load the rules' language, and `--help` nothing at all.
 */
export interface CommandParts {
  readonly program: Command;
  readonly output: Console;
  readonly env: NodeJS.ProcessEnv;
  /** The rules of this package, used when the settings name no others. */
  readonly shippedRules: string;
  /** This process was started as root and gave that up. */
  readonly wasRoot: boolean;
  /** Takes the command's exit status. */
  done(status: number): void;
}
