import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Container } from "../../src/core/container.js";
import type { StreamName } from "../../src/core/line.js";
import { CATEGORIES, type JsonObject, LEVELS, type LogRecord } from "../../src/core/record.js";
import { type ContainerSource, containerFrom } from "../../src/rules/test-record.js";

/** Makes records of JSON lines the plain way; what the sidecar does with other shapes is not the rules' concern. */
export function understand(
  text: string,
  container: Container = containerFrom(),
  stream: StreamName = "stdout",
): LogRecord {
  const data = text.startsWith("{") ? (JSON.parse(text) as JsonObject) : undefined;
  const level = LEVELS.find((name) => name === String(data?.["level"] ?? "info").toLowerCase());
  const component = container.componentLabel ?? data?.["component"] ?? container.componentDefault;
  return {
    ts: "2026-01-31T23:59:59.123456789Z",
    level: level ?? "info",
    component: String(component),
    event_type: stringOf(data?.["event_type"]),
    message: data === undefined ? text : stringOf(data["message"]),
    stream,
    tags: Array.isArray(data?.["tags"]) ? data["tags"].map(String) : undefined,
    data,
    dataText: data === undefined ? undefined : text,
    wish: CATEGORIES.find((category) => category === data?.["category"]),
    text,
    container,
    truncated: false,
    lines: 1,
    repeated: undefined,
    last_ts: undefined,
  };
}

function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The record of an app's JSON object, from a container of that description. */
export function recordOf(data: object, container: ContainerSource = {}): LogRecord {
  return understand(JSON.stringify(data), containerFrom(container));
}

/** A new folder with these files; names may have sub-folders in them. */
export async function rulesFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "rules-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
  return dir;
}
