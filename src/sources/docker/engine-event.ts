import { z } from "zod";

const eventSchema = z.object({ Action: z.string(), Actor: z.object({ ID: z.string() }) });

/** What the engine's events say of a container (engine API "Monitor events"); undefined for what is no such event. */
export function readEvent(text: string): z.infer<typeof eventSchema> | undefined {
  try {
    return eventSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // No JSON: told by the caller.
    return undefined;
  }
}

/** Behind these a container runs no more, or again, or is gone; `remove` is what Podman calls `destroy`. */
const CHANGES: ReadonlySet<string> = new Set(["start", "die", "destroy", "remove", "unpause"]);

/** Whether the container must be looked at when this has happened to it. */
export function changesState(action: string): boolean {
  return CHANGES.has(action);
}
