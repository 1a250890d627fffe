/** What became of a file that was compressed. */
export interface Packing {
  readonly plainBytes: number;
  readonly packedBytes: number;
}

/** A file to compress into another. Absolute paths. */
export interface PackJob {
  readonly source: string;
  /** Must not exist; complete, verified and durable when the job is done. Its name is the caller's to make durable. */
  readonly target: string;
  /** Breaks the job off. */
  readonly signal?: AbortSignal | undefined;
}

/** Compresses files. */
export interface Packer {
  /** So many at once are worth it. */
  readonly width: number;
  /** @throws the system's errors as they are; PackRefused when the file is not fit for it; an AbortError. */
  readonly pack: (job: PackJob) => Promise<Packing>;
}

/** The file changed while it was read, or what was written does not give its bytes again. It is left as it is. */
export class PackRefused extends Error {
  override readonly name = "PackRefused";
}
