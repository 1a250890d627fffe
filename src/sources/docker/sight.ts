/** Why following a container cannot be trusted any longer, as it stands in logs and metrics. */
export type Doubt = "time-went-back" | "fell-behind" | "silent" | "stream-ended";

/**
 * What a message of a followed stream is. `known`: the engine sent it a second time. `gap-possible`: a file can
 * have been passed over before it; `gap-likely`: more than that speaks for it. `alike`: as the newest one in all that can be told:
 * sent again, or stamped by a coarse clock.
 */
export type Sight = "new" | "known" | "alike" | "gap-possible" | "gap-likely" | "time-went-back";
