import type { Level } from "./level.js";

/** A container (or the program behind `--source stdin` and `run -- COMMAND`) as rules and records see it. */
export interface Container {
  /** The engine's 64-digit id, with the host and a slash before it when it came from another host; `stdin` or `exec:<name>` for the other sources. */
  readonly id: string;
  readonly name: string;
  /** The host that it runs on; absent when that is this one. */
  readonly host?: string | undefined;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Compose's own labels, where compose made the container. */
  readonly composeProject: string | undefined;
  readonly composeService: string | undefined;
  /** The label `log-sidecar.component`: decides over whatever the lines say. */
  readonly componentLabel: string | undefined;
  /** What `component` is when neither the label nor the line says it: compose service, else the name. */
  readonly componentDefault: string;
  /** Lines below this level are dropped and counted (label `log-sidecar.level`, `ONNX_LOG_LEVEL`). */
  readonly minLevel: Level | undefined;
  /** Name of the shape to try first or alone (label `log-sidecar.format`, `ONNX_LOG_FORMAT`). */
  readonly format: string | undefined;
  /** Regular expression source of the first line of an event (label `log-sidecar.multiline`). */
  readonly multiline: string | undefined;
}

/** Whether it is no container but a pipe or a program, of which there is one alone. */
export function isPipe({ id }: Pick<Container, "id">): boolean {
  return id === "stdin" || id.startsWith("exec:");
}

/** What a container says by its labels, and a pipe or a program by settings of the same names. */
export interface SaidOfLines {
  readonly component?: string | undefined;
  readonly level?: Level | undefined;
  readonly format?: string | undefined;
  readonly multiline?: string | undefined;
  readonly logsource?: string | undefined;
}

/** A pipe, or a program that is run: what settings say of its lines stands where a container's labels would. */
export function saidContainer(id: string, name: string, said: SaidOfLines = {}): Container {
  const labels = { format: said.format, logsource: said.logsource };
  const named = Object.entries(labels).filter((each): each is [string, string] => each[1] !== undefined);
  return {
    ...namedContainer(id, name),
    labels: Object.fromEntries(named.map(([label, value]) => [`log-sidecar.${label}`, value])),
    componentLabel: said.component,
    minLevel: said.level,
    format: said.format,
    multiline: said.multiline,
  };
}

/** What is known of something that has only a name: a program that is no container, or a container that is gone. */
export function namedContainer(id: string, name: string): Container {
  return {
    id,
    name,
    image: "",
    labels: {},
    composeProject: undefined,
    composeService: undefined,
    componentLabel: undefined,
    componentDefault: name,
    minLevel: undefined,
    format: undefined,
    multiline: undefined,
  };
}
