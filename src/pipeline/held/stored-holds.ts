import { z } from "zod";
import { type Container, namedContainer } from "../../core/container.js";
import { SidecarError } from "../../core/errors.js";
import type { Hold } from "./hold.js";

/** What a commit keeps of a record that is held: the record as it will be written, never the line as it was printed. */
export interface StoredHold {
  readonly container: Container;
  readonly ruleOfDedupe: string;
  readonly taken: readonly string[];
  readonly rule: string | undefined;
  readonly lines: number;
  readonly repeated: number;
  readonly lastTs: string;
  readonly recordText: string;
}

const holdSchema = z.object({
  container: z.string(),
  ruleOfDedupe: z.string(),
  taken: z.array(z.string()),
  rule: z.string().optional(),
  lines: z.int(),
  repeated: z.int(),
  lastTs: z.string(),
  record: z.record(z.string(), z.unknown()),
});

/** What rules and columns can ask of a container. */
const containerSchema = z.object({
  id: z.string(),
  name: z.string(),
  image: z.string(),
  labels: z.record(z.string(), z.string()),
  composeProject: z.string().optional(),
  composeService: z.string().optional(),
});

const snapshotSchema = z.object({ containers: z.array(containerSchema), held: z.array(holdSchema) });

/** Texts of what does not change while a record is held, so that a commit of many costs little. */
const fixedTexts = new WeakMap<Hold, string>();

/** JSON text of all that is held. */
export function snapshotText(holds: readonly Hold[]): string {
  const containers = new Map(holds.map(({ container }) => [container.id, container]));
  const held = holds.map((hold) => {
    const { repeated, lastTs } = hold;
    return `{"repeated":${repeated},"lastTs":"${lastTs}",${fixedText(hold)}}`;
  });
  return `{"containers":${JSON.stringify([...containers.values()].map(told))},"held":[${held.join(",")}]}`;
}

function fixedText(hold: Hold): string {
  let text = fixedTexts.get(hold);
  if (text === undefined) {
    const { container, waiting, rule, lines, recordText } = hold;
    const { taken, rule: ruleOfDedupe } = waiting;
    const rest = JSON.stringify({ container: container.id, ruleOfDedupe, taken, rule, lines });
    text = `${rest.slice(1, -1)},"record":${recordText}`;
    fixedTexts.set(hold, text);
  }
  return text;
}

function told({ id, name, image, labels, composeProject, composeService }: Container) {
  return { id, name, image, labels, composeProject, composeService };
}

/**
 * What `snapshotText` wrote, oldest first.
 * @throws SidecarError CHECKPOINT_BROKEN when it cannot be understood: the lines were read and stand nowhere else.
 */
export function readSnapshot(restored: unknown): StoredHold[] {
  if (restored === undefined) return [];
  const parsed = snapshotSchema.safeParse(restored);
  if (!parsed.success) {
    throw new SidecarError("CHECKPOINT_BROKEN", "The held records in the checkpoint cannot be understood", {
      cause: new Error(z.prettifyError(parsed.error).slice(0, 500)),
      remedy: "Start the version of the sidecar that wrote them and stop it: it writes them out.",
    });
  }
  const containers = new Map(
    parsed.data.containers.map(({ composeProject, composeService, ...known }): [string, Container] => [
      known.id,
      { ...namedContainer(known.id, known.name), ...known, composeProject, composeService },
    ]),
  );
  return parsed.data.held.map(({ container, record, rule, ...stored }) => ({
    ...stored,
    rule,
    container: containers.get(container) ?? namedContainer(container, container),
    recordText: JSON.stringify(record),
  }));
}
