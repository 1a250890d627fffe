import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { Readable } from "node:stream";
import { loadSettings } from "../../src/config/load.js";
import type { SettingName } from "../../src/config/schema.js";
import { type Container, namedContainer } from "../../src/core/container.js";
import type { LineJoiner } from "../../src/core/line.js";
import type { LineSink, Source } from "../../src/core/source.js";
import { Sidecar } from "../../src/sidecar.js";
import { Pass } from "../../src/sources/docker/pass.js";
import { LineClock } from "../../src/sources/pipe/line-clock.js";
import { PipeReader } from "../../src/sources/pipe/pipe-reader.js";
import { type Position, startPosition } from "../../src/sources/position.js";
import { createTelemetry } from "../../src/telemetry/telemetry.js";
import { Framer } from "./framer.js";

/** Something that is read, or that happens, in this order: other rules, or a jump of the clock. */
export type Step = { readonly bytes: Buffer } | { readonly rules: string } | { readonly ms: number };

export interface Run {
  readonly steps: readonly Step[];
  /** The rules at the beginning, as the text of their file. */
  readonly rules: string;
  readonly container?: Partial<Container>;
  readonly settings?: Readonly<Partial<Record<SettingName, string>>>;
  /** The lines come as frames of an engine; the seed of their times and streams. */
  readonly framed?: number | undefined;
  /** Somebody hears of the metrics of rules. */
  readonly hears?: boolean;
}

/** What a run left: files by path, account, counters. */
export interface Outcome {
  readonly files: Readonly<Record<string, string>>;
  readonly account: unknown;
  /** Of frames: behind the last one. */
  readonly position: Position | undefined;
  readonly counters: Readonly<Record<string, unknown>>;
  readonly matches: Readonly<Record<string, number>>;
  /** Values of metrics, as they were told. */
  readonly samples: readonly string[];
  /** Lines that the lane took, and why others were not. */
  readonly lane: { readonly taken: number; readonly missed: Readonly<Record<string, number>> };
}

/** A second before midnight. */
const START_MS = Date.parse("2026-03-31T23:59:59Z");
const CHUNK_MS = 7;
/** They tell of time, or of the lane. */
const OTHER_COUNTERS = /^(?:lane_|commits|rules_reloads|retention|segments_sealed|window_rows|search_)/;

interface StepSourceOptions {
  readonly maxLineBytes: number;
  readonly container: Container;
  readonly createJoiner: (container: Container) => LineJoiner;
  readonly steps: (clock: { ms: number }) => AsyncIterable<Buffer>;
  readonly moved: (position: Position) => void;
}

/** The same as an engine's frames, which are cut anywhere: a reading of a container's log takes them. */
class FrameSource implements Source {
  readonly resumes = false;
  readonly #options: StepSourceOptions;
  readonly #framer: Framer;

  constructor(options: StepSourceOptions, seed: number) {
    this.#options = options;
    this.#framer = new Framer(seed, START_MS);
  }

  async run(sink: LineSink): Promise<void> {
    const { container, createJoiner, steps, moved, maxLineBytes } = this.#options;
    const pass = new Pass({
      address: { kind: "socket", path: "", text: "" },
      container: () => container,
      log: { tty: false, logDriver: "json-file" },
      sink,
      position: startPosition(""),
      seek: { by: "anchor", tailMessages: 0 },
      follow: false,
      vet: undefined,
      stale: undefined,
      maxLineBytes,
      joiners: [createJoiner(container), createJoiner(container)],
      moved,
    });
    const clock = { ms: START_MS };
    let beforeMs = clock.ms;
    let rest = Buffer.alloc(0);
    for await (const chunk of steps(clock)) {
      this.#framer.pass(clock.ms - beforeMs);
      beforeMs = clock.ms;
      const frames = Buffer.concat([rest, this.#framer.frame(chunk)]);
      // A frame ends mostly within the next chunk.
      const cut = Math.max(0, frames.length - (chunk.length % 50));
      pass.span(Buffer.from(frames.subarray(0, cut)), 0, cut);
      await pass.read(clock.ms, false);
      rest = frames.subarray(cut);
    }
    pass.span(rest, 0, rest.length);
    await pass.read(clock.ms, false);
    await pass.finish("ended");
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

/** Brings the steps one after the other: the next when all of those before are with the store. */
class StepSource implements Source {
  readonly resumes = false;
  readonly #options: StepSourceOptions;

  constructor(options: StepSourceOptions) {
    this.#options = options;
  }

  async run(sink: LineSink): Promise<void> {
    const { container, createJoiner, steps, maxLineBytes } = this.#options;
    const clock = { ms: START_MS };
    const reader = new PipeReader({
      clock: new LineClock(() => BigInt(clock.ms) * 1_000_000n),
      container,
      sink,
      maxLineBytes,
      createJoiner,
      unwrapsEntries: true,
    });
    await reader.read(steps(clock) as unknown as Readable, 0);
    await reader.end();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

/** Runs a whole sidecar over the steps, with the lane or without. */
export async function runWay(lane: "on" | "off", run: Run): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "lane-"));
  const rulesDir = join(folder, "rules");
  mkdirSync(rulesDir);
  writeFileSync(join(rulesDir, "rules.yaml"), run.rules);
  const logDir = join(folder, "logs");
  const flags = {
    logDir,
    lane,
    retentionCron: "off",
    batchSize: "100000",
    maxLine: "65536",
    ...run.settings,
  };
  const settings = loadSettings({ env: {}, flags, configFile: undefined });
  const telemetry = createTelemetry({ level: "silent" });
  const samples: string[] = [];
  if (run.hears === true) {
    telemetry.metrics.connect({
      record: ({ name }, value, labels) => samples.push([name, value, ...labels].join(" ")),
    });
  }
  const container = { ...namedContainer("stdin", "stdin"), ...run.container };
  async function* steps(clock: { ms: number }) {
    for (const step of run.steps) {
      if ("bytes" in step) {
        clock.ms += CHUNK_MS;
        yield Buffer.from(step.bytes);
        continue;
      }
      if ("ms" in step) {
        clock.ms += step.ms;
        continue;
      }
      await sidecar.flush("test");
      writeFileSync(join(rulesDir, "rules.yaml"), step.rules);
      const reloaded = await sidecar.rules.reload("test");
      if (!reloaded.ok) throw reloaded.error;
    }
  }
  let position: Position | undefined;
  const sidecar: Sidecar<Source> = await Sidecar.open({
    settings,
    rulesDir,
    telemetry,
    http: undefined,
    createSource: ({ createJoiner }) => {
      const moved = (to: Position) => {
        position = to;
      };
      const options = { container, createJoiner, steps, moved, maxLineBytes: settings.maxLine };
      return run.framed === undefined ? new StepSource(options) : new FrameSource(options, run.framed);
    },
  });
  await sidecar.run();
  while (statusOf(logDir).store.stagedFiles > 0) {
    // A stop has only so much time to finish training files; the next start goes on with them.
    const next = await Sidecar.open<Source>({
      settings,
      rulesDir,
      telemetry: createTelemetry({ level: "silent" }),
      http: undefined,
      createSource: ({ createJoiner }) =>
        new StepSource({
          container,
          createJoiner,
          steps: () => Readable.from([]),
          moved: () => undefined,
          maxLineBytes: settings.maxLine,
        }),
    });
    await next.run();
  }
  const { lane_lines_total, lane_missed_total, ...counters } = telemetry.counters.toJSON();
  const outcome: Outcome = {
    files: readAll(logDir),
    position,
    account: statusOf(logDir).containers,
    counters: Object.fromEntries(Object.entries(counters).filter(([name]) => !OTHER_COUNTERS.test(name))),
    samples: samples.filter((sample) => !sample.startsWith("log_sidecar_")),
    matches: Object.fromEntries(telemetry.matches.totals()),
    lane: {
      taken: Number(lane_lines_total ?? 0),
      missed: (lane_missed_total ?? {}) as Record<string, number>,
    },
  };
  rmSync(folder, { recursive: true, force: true });
  return outcome;
}

interface Status {
  readonly containers: unknown;
  readonly store: { readonly stagedFiles: number };
}

function statusOf(logDir: string): Status {
  return JSON.parse(readFileSync(join(logDir, ".sidecar/status.json"), "utf8")) as Status;
}

/** `log_2026-03-31.12.jsonl`: the twelfth segment behind the first. */
const NUMBERED = /^(.*_\d{4}-\d\d-\d\d)(?:\.(\d+))?(\.jsonl|\.csv)$/;

/** Segments of a series are joined: where one ends depends a little on how much of it was bytes already. */
function readAll(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  const segments: { name: string; number: number; text: string }[] = [];
  if (!existsSync(folder)) return files;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (!entry.isFile() || name.startsWith(".sidecar")) continue;
    const text = readFileSync(path, "latin1");
    const [, before = "", number = "0", behind = ""] = NUMBERED.exec(name) ?? [];
    if (before === "") files[name] = text;
    else segments.push({ name: `${before}${behind}`, number: Number(number), text });
  }
  for (const { name, text } of segments.sort((a, b) => a.number - b.number)) {
    // A table whose columns differ has files of its own.
    const end = name.endsWith(".csv") ? text.indexOf("\n") + 1 : 0;
    const series = `${name} ${text.slice(0, end)}`;
    files[series] = `${files[series] ?? ""}${text.slice(end)}`;
  }
  return files;
}
