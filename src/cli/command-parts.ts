import type { Command } from "commander";
import type { Console } from "./console.js";

/** What a command needs of the program that it belongs to. */
export interface CommandParts {
  readonly program: Command;
  readonly output: Console;
  readonly env: NodeJS.ProcessEnv;
  /** The rules of this package, used when the settings name no others. */
  readonly shippedRules: string;
  /** Takes the command's exit status. */
  done(status: number): void;
}
