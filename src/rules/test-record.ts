import type { Container } from "../core/container.js";
import type { Edit } from "../core/decision.js";
import type { StreamName } from "../core/line.js";
import type { LogRecord } from "../core/record.js";
import type { TestSource } from "./schema.js";

/** Makes a record of a line's text: the part of the sidecar that understands lines, handed in by who wires it. */
export type Understand = (text: string, container: Container, stream: StreamName) => LogRecord;

/** Makes the changes to a record that rules say; handed in as well. */
export type EditRecord = (record: LogRecord, edits: readonly Edit[]) => void;

/** What a test or `explain` says of the container that a line comes from. */
export type ContainerSource = NonNullable<TestSource["container"]>;

/** A container as compose would have made it; its name and image matter only to rules that ask for them. */
export function containerFrom(source: ContainerSource = {}): Container {
  const labels = source.labels ?? {};
  const name = source.name ?? labels["com.docker.compose.service"] ?? "app";
  const service = labels["com.docker.compose.service"];
  return {
    id: `test:${name}`,
    name,
    image: source.image ?? `${name}:latest`,
    labels,
    composeProject: labels["com.docker.compose.project"],
    composeService: service,
    componentLabel: labels["log-sidecar.component"],
    componentDefault: service ?? name,
    minLevel: undefined,
    format: labels["log-sidecar.format"],
    multiline: undefined,
  };
}

/** The record of a test's line; a map in its place is the JSON line that an app would print for it. */
export function recordOf(test: TestSource, understand: Understand): LogRecord {
  const text = typeof test.line === "string" ? test.line : JSON.stringify(test.line);
  return understand(text, containerFrom(test.container), test.stream);
}
