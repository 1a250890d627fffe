import type { Container } from "../../core/container.js";
import type { Line, LineJoiner } from "../../core/line.js";
import { type Position, startPosition } from "../position.js";
import { createDocker, type EngineAddress, engineError } from "./engine.js";
import { Pass } from "./pass.js";
import { TAIL_MESSAGES } from "./resume.js";
import { readInspect, type WatchedContainer } from "./watched-container.js";

export interface HeldLinesOptions {
  readonly address: EngineAddress;
  readonly maxLineBytes: number;
  readonly createJoiner: (container: Container) => LineJoiner;
  /** What is known of the form of containers' lines, by id: the first lines that are held may not be the first that were printed. */
  readonly forms?: ReadonlyMap<string, NonNullable<Position["forms"]>>;
}

/** Containers that the engine knows, running or not, by id. Throws a SidecarError when it does not answer. */
export async function listWatched(address: EngineAddress): Promise<Map<string, WatchedContainer>> {
  const docker = createDocker(address);
  try {
    const listed = await docker.listContainers({ all: true });
    const answers = await Promise.all(listed.map(({ Id }) => docker.getContainer(Id).inspect()));
    return new Map(answers.map((answer) => [answer.Id, readInspect(answer, () => undefined)]));
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
  const pass = new Pass({
    address,
    maxLineBytes,
    log: watched,
    joiners: [createJoiner(container), createJoiner(container)],
    container: () => container,
    position: { ...startPosition(""), forms: options.forms?.get(container.id) },
    seek: { by: "anchor", tailMessages: TAIL_MESSAGES },
    follow: false,
    vet: undefined,
    stale: undefined,
    moved: () => undefined,
    sink: {
      deliver(batch) {
        show(batch.lines);
        return undefined;
      },
    },
  });
  const end = await pass.run();
  if (end === "cut") throw new Error(`the log of ${container.name} was cut short while it was read`);
  await pass.finish("ended");
}
