import { type Command, Option } from "commander";
import type { CommandParts } from "./command-parts.js";
import { settingsOf, withSettings } from "./settings-flags.js";

/** Adds `nats init`. */
export function addNats({ program, output, env, done }: CommandParts): void {
  const nats = program.command("nats").description("the stream that carries lines between hosts");
  withSettings(nats.command("init"), [
    "nats",
    "natsPrefix",
    "natsDomain",
    "natsCredsFile",
    "natsNkeyFile",
    "natsUserFile",
    "natsCaFile",
    "natsCertFile",
    "natsKeyFile",
  ])
    .description("make the stream, or change it to what it must be; what it holds stays")
    .addOption(new Option("--max-bytes <size>", "what it may hold, on each server").default("8GB"))
    .addOption(
      new Option(
        "--replicas <number>",
        "servers that keep it; by default 3 in a cluster of three or more, else 1",
      ),
    )
    .action(async (options: { maxBytes: string; replicas?: string }, self: Command) => {
      const { initNats } = await import("./over-nats.js");
      await initNats(settingsOf(self, env), options, output);
      done(0);
    });
}
