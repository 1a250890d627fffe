/** Names are the metric names without the prefix `log_sidecar_`; the text is the metric's help line. */
export const COUNTERS = {
  lines_read_total: "Lines read from containers and pipes.",
  bytes_read_total: "Bytes of line text read.",
  records_written_total: "Records written, by category.",
  lines_dropped_total: "Lines not written because a rule or a level said so, by reason.",
  lines_sampled_total: "Lines not written because they are not of the share that a rule keeps.",
  lines_collapsed_total: "Lines that became part of an equal record.",
  held_early_total:
    "Records written before the window of `dedupe` was over because too many were held, by rule.",
  lines_shed_total: "Lines of level debug and trace left out because the disk was nearly full.",
  lines_truncated_total: "Lines cut at the length limit.",
  lines_replaced_total: "Lines in which bytes that are not UTF-8 were replaced.",
  secrets_redacted_total: "Secrets that were taken out of lines, by kind.",
  samples_refused_total: "Lines meant to be training samples that are none and went to raw, by dataset.",
  window_rows_total: "Rows of windows written: the first of a window, or late ones.",
  groups_closed_early_total:
    "Groups that got their row before their window was over because there were too many, by table.",
  names_folded_total: "Names that share the folder `_other` because there are too many, by kind.",
  lines_repeated_total: "Lines that the engine sent a second time and that were left out.",
  gaps_total: "Gaps: stretches of lines that can no longer be had.",
  snapshots_total:
    "Times a container was read by snapshot because following could not be trusted, by reason.",
  engine_failures_total: "Times the Docker Engine could not be reached or went away.",
  containers_unreadable_total: "Containers whose log driver cannot be read.",
  stream_errors_total: "Log streams that ended with an error.",
  commits_total: "Commits.",
  segments_sealed_total: "Segments sealed, by category.",
  disk_full_total: "Times writing paused because the disk was full.",
  store_failures_total: "Times the disk refused something for another reason than space.",
  segments_lost_total: "Open segments that somebody removed, cut or changed.",
  seal_failures_total: "Times a staged file could not be finished and was kept.",
  checkpoints_broken_total: "Checkpoints that could not be read and were set aside.",
  rules_reloads_total: "Times the rules were read again, by result.",
  retention_runs_total: "Runs of retention and of the emergency cleanup, by kind.",
  files_compressed_total: "Files that retention compressed, by category.",
  files_archived_total: "Files that retention moved to the archive, by category.",
  files_deleted_total: "Files that retention deleted, by category.",
  retention_freed_bytes_total: "Bytes that compressing and deleting freed, by category.",
  retention_failures_total: "Files that retention could not treat and tries again.",
  label_errors_total: "Container labels that could not be used.",
} as const;

export type CounterName = keyof typeof COUNTERS;

/** Counts what happens, by name and at most one label value. */
export class Counters {
  readonly #values = new Map<CounterName, Map<string, number>>();

  add(name: CounterName, by = 1, label = ""): void {
    let values = this.#values.get(name);
    if (values === undefined) {
      values = new Map();
      this.#values.set(name, values);
    }
    values.set(label, (values.get(label) ?? 0) + by);
  }

  /** The sum over all label values, or one label's value. */
  get(name: CounterName, label?: string): number {
    const values = this.#values.get(name);
    if (values === undefined) return 0;
    if (label !== undefined) return values.get(label) ?? 0;
    let sum = 0;
    for (const value of values.values()) sum += value;
    return sum;
  }

  /** A plain object for `stats`: a number, or an object by label value. */
  toJSON(): Record<string, number | Record<string, number>> {
    const out: Record<string, number | Record<string, number>> = {};
    for (const [name, values] of this.#values) {
      out[name] = values.size === 1 && values.has("") ? (values.get("") ?? 0) : Object.fromEntries(values);
    }
    return out;
  }
}
