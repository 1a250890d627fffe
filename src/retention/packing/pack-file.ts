import { gzipFile } from "./gzip-file.js";
import { packNpz } from "./npz-file.js";
import type { Packing, PackJob } from "./packer.js";

/** Compresses a file in the way of its kind. */
export function packFile(job: PackJob): Promise<Packing> {
  return job.source.endsWith(".npz") ? packNpz(job) : gzipFile(job);
}
