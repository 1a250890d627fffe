import { CONMON } from "./conmon.js";
import { type ReadEntry, readJsonEntry } from "./entry.js";
import { MOBY, type RotationRules } from "./joins.js";
import { readK8sEntry } from "./k8s-entry.js";
import { unwrapEntries } from "./unwrap/unwrap.js";

/** How a log driver writes its entries. */
export interface EntryForm {
  readonly readEntry: ReadEntry;
  /** Reads many of the usual form at once; see there. */
  readonly unwrap?: typeof unwrapEntries;
}

/** How a log driver writes its files. */
export interface LogFormat extends EntryForm {
  readonly rules: RotationRules;
}

/** Docker Engine's default driver. */
export const JSON_FILE: LogFormat = { readEntry: readJsonEntry, unwrap: unwrapEntries, rules: MOBY };

/** Podman's driver for files, the form of the Kubernetes CRI; `json-file` is another name of it there. */
export const K8S_FILE: LogFormat = { readEntry: readK8sEntry, rules: CONMON };
