import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WriterContext } from "../../src/categories/context.js";
import { PickledList } from "../../src/categories/formats/pickle.js";
import { Refusals } from "../../src/categories/refusals.js";
import { OpenWindows } from "../../src/categories/windows/open-windows.js";
import { createWriters, type Writers } from "../../src/categories/writers.js";
import { Calendar } from "../../src/core/calendar.js";
import type { Container } from "../../src/core/container.js";
import type { Decision, NamedField, Target } from "../../src/core/decision.js";
import { NameLimit } from "../../src/core/name-limit.js";
import type { JsonObject, LogRecord } from "../../src/core/record.js";
import { silentTelemetry } from "../../src/telemetry/telemetry.js";
import { MemorySink } from "./memory-sink.js";

export const container: Container = {
  id: "c".repeat(64),
  name: "shop-api-1",
  image: "shop/api:1",
  labels: {},
  composeProject: "shop",
  composeService: "api",
  componentLabel: undefined,
  componentDefault: "api",
  minLevel: undefined,
  format: undefined,
  multiline: undefined,
};

/** A record with the parts that a test cares about. */
export function record(parts: Partial<LogRecord> = {}): LogRecord {
  return {
    ts: "2026-01-31T23:59:59.123456789Z",
    level: "info",
    component: "api",
    event_type: undefined,
    message: undefined,
    stream: "stdout",
    tags: undefined,
    data: undefined,
    dataText: undefined,
    wish: undefined,
    text: "a line",
    container,
    truncated: false,
    lines: 1,
    repeated: undefined,
    last_ts: undefined,
    ...parts,
  };
}

/** A record as it comes from an app's JSON line. */
export function jsonRecord(dataText: string, parts: Partial<LogRecord> = {}): LogRecord {
  return record({ data: JSON.parse(dataText) as JsonObject, dataText, text: dataText, ...parts });
}

/** Reads a key of the app's object. */
export function field(name: string): NamedField {
  return {
    name,
    read: ({ data }) => (data !== undefined && Object.hasOwn(data, name) ? data[name] : undefined),
  };
}

export function decision(...targets: Target[]): Decision {
  return { rule: "a-rule", targets, drop: false, sampled: false, actions: undefined };
}

export interface Bench {
  readonly sink: MemorySink;
  readonly writers: Writers;
  readonly context: WriterContext;
}

/** Writers over a sink in memory. */
export function createBench(
  options: {
    zone?: string;
    limit?: number;
    maxGroups?: number;
    restored?: unknown;
    hostFolders?: boolean;
  } = {},
): Bench {
  const sink = new MemorySink();
  const names = (): NameLimit =>
    new NameLimit({ limit: options.limit ?? 500, known: [], onFold: () => undefined });
  const surroundings = {
    sink,
    calendar: new Calendar(options.zone ?? "UTC"),
    names: { component: names(), table: names(), dataset: names() },
    refusals: new Refusals(),
    hostFolders: options.hostFolders ?? false,
    telemetry: silentTelemetry(),
  };
  const { maxGroups = 2000, restored } = options;
  const windows = new OpenWindows({ ...surroundings, maxGroups, restored });
  const context: WriterContext = { ...surroundings, windows };
  return { sink, writers: createWriters(context), context };
}

/** Writes a text into a new temporary file and gives its path. */
export function temporaryFile(name: string, content: string | Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), "sidecar-file-")), name);
  writeFileSync(path, content);
  return path;
}

/** The pickle of a list, as its frames come. */
export function pickled(items: readonly unknown[]): Buffer {
  const list = new PickledList();
  const frames: Buffer[] = [];
  for (const item of items) {
    list.append(item);
    const frame = list.takeFrame();
    if (frame !== undefined) frames.push(frame);
  }
  return Buffer.concat([...frames, list.end()]);
}
