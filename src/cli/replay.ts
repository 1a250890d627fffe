import type { Container } from "../core/container.js";
import type { Line } from "../core/line.js";
import type { LogRecord } from "../core/record.js";
import { GAP_EVENT } from "../pipeline/understand-stage.js";
import { DamagedFiles } from "../reading/damage.js";
import { readStoredLines } from "../reading/stored-lines.js";
import { containerFrom } from "../rules/test-record.js";
import type { Console } from "./console.js";
import { type Move, type MoveRules, Moves } from "./moves.js";
import { Progress } from "./progress.js";
import { escaped } from "./visible.js";

export interface ReplayOptions extends MoveRules {
  readonly logDir: string;
  readonly json: boolean;
  /** Earlier lines are left out; an engine timestamp. */
  readonly since: string | undefined;
  readonly understand: (line: Line, container: Container) => LogRecord;
  /** The containers that the engine has, by name; of others no labels are known. */
  readonly containers: ReadonlyMap<string, Container>;
}

/** What `--json` prints. */
export interface ReplayReport {
  readonly since: string | null;
  readonly lines: number;
  readonly moved: number;
  readonly unlike: number;
  /** Containers in the lines that the engine does not have: rules that ask for labels or images cannot know them. */
  readonly unknown: readonly string[];
  readonly moves: readonly Move[];
}

/**
 * `log-sidecar replay`: asks other rules about every line that raw and tagged hold, and tells what would go elsewhere.
 * Only reads. Returns 1 when a file is damaged.
 */
export async function replay(options: ReplayOptions, { out, err }: Console): Promise<0 | 1> {
  const { logDir, since, understand } = options;
  const unknown = new Map<string, Container>();
  const containerOf = (name: string): Container => {
    const known = options.containers.get(name) ?? unknown.get(name);
    if (known !== undefined) return known;
    const bare = containerFrom({ name });
    unknown.set(name, bare);
    return bare;
  };
  const moves = new Moves(options);
  const progress = new Progress(err);
  let share = 0;
  const onSegment = (done: number, all: number) => {
    share = done / all;
  };
  const damaged = new DamagedFiles();
  const onDamage = damaged.teller((text) => {
    progress.clear();
    err.write(text);
  });
  const request = { logDir, since, understand, containerOf, onSegment, onDamage };
  try {
    for await (const line of readStoredLines(request)) {
      // Gaps are told in raw whatever the rules say.
      if (line.record.event_type === GAP_EVENT) continue;
      moves.add(line);
      progress.show(share, `${moves.lines} lines, ${moves.moved} would move`);
    }
  } finally {
    progress.clear();
  }
  const { lines, moved, unlike } = moves;
  const report: ReplayReport = {
    since: since ?? null,
    lines,
    moved,
    unlike,
    unknown: [...unknown.keys()].sort(),
    moves: moves.list(),
  };
  out.write(options.json ? `${JSON.stringify(report)}\n` : reportText(report));
  return damaged.isEmpty ? 0 : 1;
}

function reportText({ lines, moved, unlike, unknown, moves }: ReplayReport): string {
  const text = moves.flatMap((move) => [
    `${move.count} × ${placesText(move.places.from)} → ${placesText(move.places.to, move.sampled)}`,
    `    by ${move.rule ?? "no rule"}; stored by ${move.was ?? "no rule"}`,
    ...move.samples.map(({ ts, container, text: sample }) => `    ${ts} ${container}  ${oneLine(sample)}`),
    "",
  ]);
  text.push(`${lines} stored lines read, ${moved} would go elsewhere`);
  if (unlike > 0) {
    text.push(
      `${unlike} are stored otherwise than the rules in use decide now, and the new rules agree with those`,
    );
  }
  if (unknown.length > 0) {
    const names = unknown.slice(0, 5).join(", ");
    text.push(
      `of ${unknown.length} containers nothing but the name is known (${names}${unknown.length > 5 ? " …" : ""}): ` +
        "what rules ask of their labels, images and log sources counts as absent",
    );
  }
  return `${text.join("\n")}\n`;
}

function placesText(places: readonly string[], sampled = false): string {
  if (places.length > 0) return places.join(", ");
  return sampled ? "nowhere (not of the share that is kept)" : "nowhere (dropped)";
}

function oneLine(text: string): string {
  return escaped(JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"'));
}
