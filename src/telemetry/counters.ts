/** Names are the metric names without the prefix `log_sidecar_`. */
export const COUNTERS = {
  lines_read_total: {
    help: "Lines read from containers and pipes, by compose service (or container) and stream.",
    labels: ["service", "stream"],
  },
  lane_lines_total: { help: "Lines that took the fast lane.", labels: [] },
  lane_missed_total: { help: "Lines that went the long way, by reason.", labels: ["reason"] },
  bytes_read_total: { help: "Bytes of line text read.", labels: [] },
  records_written_total: { help: "Records written, by category.", labels: ["category"] },
  tagged_records_total: { help: "Tagged records written, by severity.", labels: ["severity"] },
  records_dropped_total: {
    help: "Lines not written, by reason: a rule or a level said so, they are not of the share that a rule keeps (sampled), or the disk was nearly full (shed).",
    labels: ["reason"],
  },
  lines_collapsed_total: { help: "Lines that became part of an equal record.", labels: [] },
  held_early_total: {
    help: "Records written before the window of `dedupe` was over because too many were held, by rule.",
    labels: ["rule"],
  },
  lines_truncated_total: { help: "Lines cut at the length limit.", labels: [] },
  lines_replaced_total: { help: "Lines in which bytes that are not UTF-8 were replaced.", labels: [] },
  secrets_redacted_total: { help: "Secrets that were taken out of lines, by kind.", labels: ["kind"] },
  samples_refused_total: {
    help: "Lines meant to be training samples that are none and went to raw, by dataset.",
    labels: ["dataset"],
  },
  window_rows_total: {
    help: "Rows of windows written: the first of a window, or late ones.",
    labels: ["order"],
  },
  groups_closed_early_total: {
    help: "Groups that got their row before their window was over because there were too many, by table.",
    labels: ["table"],
  },
  names_folded_total: {
    help: "Names that share the folder `_other` because there are too many, by kind and the container that made them up.",
    labels: ["kind", "container"],
  },
  permanent_over_quota_total: {
    help: "Records that a rule keeps for ever and that went to raw, because their container had its quota of the day, by container.",
    labels: ["container"],
  },
  wishes_over_quota_total: {
    help: "Lines that call themselves tagged and went to raw because their container had its quota of the day, by container.",
    labels: ["container"],
  },
  tables_refused_total: {
    help: "Lines that asked for a table of their own and went to raw because there are too many, by container.",
    labels: ["container"],
  },
  resent_lines_total: {
    help: "Lines that the engine sent a second time and that were left out.",
    labels: [],
  },
  gaps_total: { help: "Gaps: stretches of lines that can no longer be had.", labels: [] },
  snapshots_total: {
    help: "Times a container was read by snapshot because following could not be trusted, by reason.",
    labels: ["reason"],
  },
  looks_total: {
    help: "Times a container's log was read beside its stream because the engine might have passed lines over, by what was found (skip, nothing).",
    labels: ["found"],
  },
  stream_reconnects_total: {
    help: "Times a log stream was given up and opened again, by reason.",
    labels: ["reason"],
  },
  engine_failures_total: { help: "Times the Docker Engine could not be reached or went away.", labels: [] },
  engine_files_failed_total: {
    help: "Containers whose log files could not be read; the log API took their place.",
    labels: [],
  },
  containers_unreadable_total: { help: "Containers whose log driver cannot be read.", labels: [] },
  stream_errors_total: { help: "Log streams that ended with an error.", labels: [] },
  nats_disconnects_total: { help: "Times the connection to NATS was lost.", labels: [] },
  nats_failures_total: {
    help: "Requests to NATS that failed and were tried again, by the error's code.",
    labels: ["code"],
  },
  forwarded_lines_total: { help: "Lines published to NATS.", labels: [] },
  forwarded_bytes_total: { help: "Bytes of messages published to NATS.", labels: [] },
  nats_diverged_total: {
    help: "Times the stream was not as the forwarder left it, and reading began again at its last message.",
    labels: [],
  },
  nats_messages_refused_total: {
    help: "Messages of the stream that are no batches of lines or of a newer version, by the error's code.",
    labels: ["code"],
  },
  nats_repeated_lines_total: {
    help: "Lines that came from the stream again and were left out, by how (older, overlapping).",
    labels: ["how"],
  },
  nats_messages_purged_total: {
    help: "Messages taken out of the stream after they were stored.",
    labels: [],
  },
  commits_total: { help: "Commits.", labels: [] },
  segments_sealed_total: { help: "Segments sealed, by category.", labels: ["category"] },
  reserve_spent_total: {
    help: "Times the reserve on the disk was given back so that what waited could be committed.",
    labels: [],
  },
  disk_full_total: { help: "Times writing paused because the disk was full.", labels: [] },
  search_indexes_total: { help: "Search indexes made of sealed segments.", labels: [] },
  search_index_failures_total: { help: "Times search indexes could not be made.", labels: [] },
  store_failures_total: {
    help: "Times the disk refused something for another reason than space.",
    labels: [],
  },
  segments_lost_total: { help: "Open segments that somebody removed, cut or changed.", labels: [] },
  files_later_total: {
    help: "Files that were newer than the checkpoint at the start, as in a copy of a volume in use: their lines may stand twice.",
    labels: [],
  },
  folders_taken_total: {
    help: "Files that went to another folder because something else bears the name of theirs.",
    labels: [],
  },
  store_folder_gone_total: {
    help: "Times somebody removed files of the sidecar's own folder under it, which were made again.",
    labels: [],
  },
  seal_failures_total: { help: "Times a staged file could not be finished and was kept.", labels: [] },
  checkpoints_broken_total: { help: "Checkpoints that could not be read and were set aside.", labels: [] },
  rules_reloads_total: { help: "Times the rules were read again, by result.", labels: ["result"] },
  retention_runs_total: {
    help: "Runs of retention and of the emergency cleanup, by kind.",
    labels: ["kind"],
  },
  files_compressed_total: { help: "Files that retention compressed, by category.", labels: ["category"] },
  files_archived_total: {
    help: "Files that retention moved to the archive, by category.",
    labels: ["category"],
  },
  files_deleted_total: { help: "Files that retention deleted, by category.", labels: ["category"] },
  retention_freed_bytes_total: {
    help: "Bytes that compressing and deleting freed, by category.",
    labels: ["category"],
  },
  retention_deleted_bytes_total: {
    help: "Bytes on the disk of deleted files, by category and reason: their age (schedule), or a disk that filled up (emergency).",
    labels: ["category", "reason"],
  },
  retention_waits_total: {
    help: "Runs of retention that left more than a day's worth of deletions for a second look.",
    labels: [],
  },
  retention_failures_total: { help: "Files that retention could not treat and tries again.", labels: [] },
  own_events_renamed_total: {
    help: "Lines whose event type began with log_sidecar., as only the sidecar's own do, and was renamed.",
    labels: [],
  },
  label_errors_total: { help: "Container labels that could not be used.", labels: [] },
  http_refused_total: { help: "HTTP requests that were not let in, by reason.", labels: ["reason"] },
  live_records_missed_total: {
    help: "Live records that were left out for a viewer who did not take them fast enough.",
    labels: [],
  },
  metric_samples_cut_total: {
    help: "Values of rules' metrics that were left out or folded into `_other` because there are too many, by metric.",
    labels: ["metric"],
  },
} as const satisfies Readonly<Record<string, CounterSpec>>;

interface CounterSpec {
  /** The metric's help line. */
  readonly help: string;
  /** Names of its labels, at most two. */
  readonly labels: readonly string[];
}

export type CounterName = keyof typeof COUNTERS;

/**
 * Counts what happens, by name and label. Two label values are given as `first/second`; the second never has a slash in it.
 */
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

  /** By label; what was never counted is absent. */
  values(name: CounterName): ReadonlyMap<string, number> {
    return this.#values.get(name) ?? NOTHING;
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

const NOTHING: ReadonlyMap<string, number> = new Map();
