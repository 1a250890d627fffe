import { z } from "zod";
import { SidecarError } from "../../core/errors.js";
import { AGGREGATES } from "../../core/windows.js";
import { storedColumnSchema } from "./column.js";
import { runsSchema } from "./written.js";

const flag = z.union([z.literal(0), z.literal(1)]);

/** Key, records, whether it is late, columns. */
const groupSchema = z.tuple([z.string(), z.int(), flag, z.array(storedColumnSchema)]);

/** Start and end in milliseconds since 1970, index, whether it has rows, groups. */
const windowSchema = z.tuple([z.int(), z.int(), z.int(), flag, z.array(groupSchema)]);

const tableSchema = z.object({
  shape: z.object({
    table: z.string(),
    everyMs: z.int(),
    by: z.array(z.string()),
    columns: z.array(z.string()),
    aggregates: z.array(z.enum(AGGREGATES)),
  }),
  graceMs: z.int(),
  written: runsSchema,
  windows: z.array(windowSchema),
});

const storedSchema = z.object({ tables: z.array(tableSchema) });

export type StoredTable = z.infer<typeof tableSchema>;

/**
 * The tables of the last commit.
 * @throws SidecarError CHECKPOINT_BROKEN when they are there and cannot be understood: their lines were read and stand nowhere else.
 */
export function readStored(value: unknown): readonly StoredTable[] {
  if (value === undefined) return [];
  const read = storedSchema.safeParse(value);
  if (read.success) return read.data.tables;
  throw new SidecarError("CHECKPOINT_BROKEN", "The open windows in the checkpoint cannot be understood", {
    cause: new Error(z.prettifyError(read.error).slice(0, 500)),
    remedy: "Start the version of the sidecar that wrote them; it writes their rows when they are over.",
  });
}
