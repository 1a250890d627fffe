import type { Container } from "../../core/container.js";
import type { Line, LineJoiner } from "../../core/line.js";
import type { LineSink } from "../../core/source.js";
import { type Position, startPosition } from "../position.js";
import { type EngineAddress, engineError, engineName } from "./engine.js";
import { readHeldFile } from "./files/held-file.js";
import { Pass } from "./pass.js";
import { FILE_DRIVER, PODMAN } from "./podman.js";
import { Questions } from "./questions.js";
import { TAIL_MESSAGES } from "./resume.js";
import { TIMING } from "./timing.js";
import type { WatchedContainer } from "./watched-container.js";

export interface HeldLinesOptions {
  readonly address: EngineAddress;
  readonly maxLineBytes: number;
  readonly createJoiner: (container: Container) => LineJoiner;
  /** The engine's folder of containers, where it is mounted: Podman's lines can only be had from there. */
  readonly engineFiles?: string | undefined;
  /** What is known of the form of containers' lines, by id: the first lines that are held may not be the first that were printed. */
  readonly forms?: ReadonlyMap<string, NonNullable<Position["forms"]>>;
}

/** Containers that the engine knows, running or not, by id. Throws a SidecarError when it does not answer. */
export async function listWatched(address: EngineAddress): Promise<Map<string, WatchedContainer>> {
  const questions = new Questions(address, {
    limitMs: TIMING.answerMs,
    stopping: new AbortController().signal,
  });
  try {
    questions.podman = engineName(await questions.version()) === PODMAN;
    const listed = await questions.containers();
    const answers = await Promise.all(listed.map(({ Id }) => questions.watched(Id)));
    // One that was removed meanwhile is none.
    return new Map(answers.flatMap((watched) => (watched ? [[watched.container.id, watched]] : [])));
  } catch (cause) {
    throw engineError(address, cause);
  }
}

/** Shows every line that the engine still holds of a container, made in the same way as when it is collected. */
export async function readHeldLines(
  watched: WatchedContainer,
  options: HeldLinesOptions,
  show: (lines: readonly Line[]) => void,
): Promise<void> {
  const { address, maxLineBytes, createJoiner } = options;
  const { container } = watched;
  const joiners = [createJoiner(container), createJoiner(container)] as const;
  const position = { ...startPosition(""), forms: options.forms?.get(container.id) };
  const sink: LineSink = {
    deliver(batch) {
      show(batch.lines);
      return undefined;
    },
  };
  if (watched.logDriver === FILE_DRIVER) {
    await readHeldFile(watched, options.engineFiles, { maxLineBytes, joiners, position, sink });
    return;
  }
  const pass = new Pass({
    address,
    maxLineBytes,
    log: watched,
    joiners,
    container: () => container,
    position,
    seek: { by: "anchor", tailMessages: TAIL_MESSAGES },
    follow: false,
    vet: undefined,
    stale: undefined,
    moved: () => undefined,
    sink,
  });
  const end = await pass.run();
  if (end === "cut") throw new Error(`the log of ${container.name} was cut short while it was read`);
  await pass.finish("ended");
}
