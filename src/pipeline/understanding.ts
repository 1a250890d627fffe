import type { Settings } from "../config/schema.js";
import type { Container } from "../core/container.js";
import type { Line } from "../core/line.js";
import type { LogRecord } from "../core/record.js";
import { nsToTime, risingNowNs } from "../core/time.js";
import { createRedact } from "../records/redact/redact.js";
import { createUnderstand } from "../records/understand.js";
import type { Understand } from "../rules/test-record.js";

type RedactSettings = Pick<Settings, "redact" | "redactKeep">;

/** Lines as the sidecar understands them, secrets taken out as it would. */
export function understandBy(settings: RedactSettings): (line: Line, container: Container) => LogRecord {
  return createUnderstand({ redact: createRedact(settings, () => undefined) });
}

/** A line given by hand, as if a container had just printed it. */
export function understandLineBy(settings: RedactSettings): Understand {
  const understand = understandBy(settings);
  return (text, container, stream) =>
    understand(
      {
        ts: nsToTime(risingNowNs()),
        stream: stream ?? "stdout",
        text,
        lines: 1,
        truncated: false,
        replaced: false,
      },
      container,
    );
}
