import { z } from "zod";
import { nsToTime } from "../../core/time.js";

const eventSchema = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string() }),
  /** Nanoseconds since 1970; JSON's numbers hold them to a quarter of a microsecond. */
  timeNano: z.number().optional().catch(undefined),
});

export type EngineEvent = z.infer<typeof eventSchema>;

/** What the engine's events say of a container (engine API "Monitor events"); undefined for what is no such event. */
export function readEvent(text: string): EngineEvent | undefined {
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

/** When a run of the container ended, in engine time; undefined for other events, and where it is not told. */
export function runEnd({ Action: action, timeNano }: EngineEvent): string | undefined {
  return action === "die" && timeNano !== undefined ? nsToTime(BigInt(Math.round(timeNano))) : undefined;
}
