import type { Command } from "commander";
import type { Settings } from "../config/schema.js";
import type { DoctorReport, Examined } from "../doctor/finding.js";
import type { CommandParts } from "./command-parts.js";
import { settingsOf, withSettings } from "./settings-flags.js";

/** For `examine`. */
export async function examineNats(servers: readonly string[], settings: Settings): Promise<Examined> {
  const { examineNats: look } = await import("./over-nats.js");
  return look(servers, settings);
}

/** Adds `doctor`. */
export function addDoctor({ program, output, env, shippedRules, wasRoot, done }: CommandParts): void {
  withSettings(program.command("doctor"), ["logDir", "rulesDir", "scope", "timeZone", "maxNames"])
    .description(
      "looks for what keeps the sidecar from working, before the first start too; exit status 1 when something does",
    )
    .option("--json", "as JSON, for programs")
    .action(async (options: { json?: boolean }, self: Command) => {
      const { examine } = await import("../doctor/doctor.js");
      const settings = settingsOf(self, env);
      const rulesDir = settings.rulesDir ?? shippedRules;
      // Where lines are read from NATS there need be no engine.
      const hasEngine = settings.nats === undefined || settings.forward !== undefined;
      const report = await examine({ settings, rulesDir, env, wasRoot, hasEngine, examineNats });
      output.out.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : doctorText(report));
      done(report.ok ? 0 : 1);
    });
}

function doctorText({ facts, findings }: DoctorReport): string {
  const width = Math.max(...Object.keys(facts).map((name) => name.length));
  const lines = Object.entries(facts).map(([name, text]) => `${name.padEnd(width)}  ${text}`);
  const found = findings.map(
    ({ level, what, why, remedy }) => `\n${level.padEnd(7)}  ${what}\n         ${why}\n         → ${remedy}`,
  );
  return `${[...lines, ...found, "", summary(findings)].join("\n")}\n`;
}

function summary(findings: DoctorReport["findings"]): string {
  if (findings.length === 0) return "all well";
  const errors = findings.filter(({ level }) => level === "error").length;
  return `${counted(errors, "error")}, ${counted(findings.length - errors, "warning")}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
