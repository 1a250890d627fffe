import { Transform, type TransformCallback } from "node:stream";
import { SidecarError } from "../core/errors.js";
import { RefusedCounts, type RefusedLines } from "./refusals.js";
import { parseRefused, parseSample, parseSchema, type Sample, type SampleSchema } from "./sample.js";

/** Takes the lines of a staged file, keeps the schema that the first one holds and what was refused, and gives the samples. */
export class StagedSamples extends Transform {
  readonly #source: string;
  readonly #refused = new RefusedCounts();
  #schema: SampleSchema | undefined;
  #line = 0;

  /** `source` is the staged file's path, for messages. */
  constructor(source: string) {
    super({ objectMode: true });
    this.#source = source;
  }

  /** There from the first sample on, and when all lines were taken. */
  get schema(): SampleSchema {
    if (this.#schema === undefined) throw this.#broken();
    return this.#schema;
  }

  /** Complete when all lines were taken. */
  get refused(): RefusedLines[] {
    return this.#refused.list();
  }

  override _transform(text: string, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#line += 1;
    try {
      if (this.#schema === undefined) {
        this.#schema = parseSchema(text);
        done();
        return;
      }
      const refused = parseRefused(text);
      if (refused === undefined) {
        done(null, this.#sample(text, this.#schema));
        return;
      }
      for (const each of refused) this.#refused.add(each, each.lines);
      done();
    } catch (cause) {
      done(this.#broken(cause));
    }
  }

  override _flush(done: TransformCallback): void {
    done(this.#schema === undefined ? this.#broken() : null);
  }

  #sample(text: string, { widths }: SampleSchema): Sample {
    const sample = parseSample(text);
    const length = sample.features.length;
    const width = widths?.reduce((sum, each) => sum + each, 0) ?? length;
    if (length !== width) throw new Error(`${length} features instead of ${width}`);
    return sample;
  }

  #broken(cause?: unknown): SidecarError {
    const place = `${this.#source}:${Math.max(1, this.#line)}`;
    return new SidecarError("STORE_FAILED", `${place} is not a training sample`, {
      cause,
      remedy: "The staged file was changed by something else; move it away to go on without its samples.",
    });
  }
}
