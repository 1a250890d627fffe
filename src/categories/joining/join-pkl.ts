import { createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline as chain, PassThrough, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { timeToNs } from "../../core/time.js";
import { Digest } from "../formats/digest.js";
import { PickledList } from "../formats/pickle.js";
import { pickledItems } from "../formats/pickle-reader.js";
import {
  broken,
  type Joined,
  type JoinRequest,
  type JoinSource,
  misfit,
  nothingSelected,
  OutputCount,
  withSource,
} from "./joined.js";
import { outputOf } from "./split.js";

const FILE_MODE = 0o640;
const READ_BYTES = 256 * 1024;

type Dict = Readonly<Record<string, unknown>>;

/**
 * Joins pickled lists of dicts, sample by sample: in memory is a frame of them.
 * @throws SidecarError EXPORT_FAILED for a file that cannot be read, and for two whose dicts have other keys.
 */
export async function joinPkl({ sources, selection, targets, onProgress }: JoinRequest): Promise<Joined> {
  const outputs = targets.map((target) => new PickleOutput(target));
  const used: { source: JoinSource; samples: number }[] = [];
  let first: { source: JoinSource; keys: readonly string[] } | undefined;
  try {
    for (const [done, source] of sources.entries()) {
      let samples = 0;
      for await (const sample of samplesOf(source)) {
        const ts = timeToNs(String(sample["ts"]));
        const output = outputs[outputOf(ts, selection)];
        if (output === undefined) continue;
        const keys = Object.keys(sample);
        first ??= { source, keys };
        if (`${keys}` !== `${first.keys}`)
          throw misfit(
            first.source,
            source,
            `their keys are ${first.keys.join(", ")} and ${keys.join(", ")}`,
          );
        samples += 1;
        await output.add(sample, ts);
      }
      if (samples > 0) used.push({ source, samples });
      onProgress((done + 1) / sources.length, `joining ${source.name}`);
    }
    if (first === undefined) throw nothingSelected();
    for (const output of outputs) await output.end();
  } catch (error) {
    for (const output of outputs) await output.destroy();
    throw error;
  }
  const keys = first.keys;
  return {
    outputs: outputs.map(({ count, digest }) => ({ count, ...digest.result(), content: { keys } })),
    used,
    classes: undefined,
    hasLabels: keys.includes("label"),
  };
}

async function* samplesOf(source: JoinSource): AsyncGenerator<Dict> {
  const file = await withSource(source, async (path) => {
    const handle = await open(path);
    return { isPacked: path.endsWith(".gz"), stream: handle.createReadStream({ highWaterMark: READ_BYTES }) };
  });
  const bytes: Readable = file.isPacked
    ? // What goes wrong is thrown by the loop below.
      chain(file.stream, createGunzip(), () => undefined)
    : file.stream;
  try {
    for await (const item of pickledItems(bytes)) {
      if (typeof item !== "object" || item === null || !("ts" in item))
        throw new Error("an item of it is no sample");
      yield item as Dict;
    }
  } catch (cause) {
    throw broken(source, cause);
  } finally {
    file.stream.destroy();
  }
}

/** A pickle that is being written. */
class PickleOutput {
  readonly count = new OutputCount();
  readonly digest = new Digest();
  readonly #list = new PickledList();
  readonly #frames = new PassThrough();
  readonly #written: Promise<void>;

  constructor(target: string) {
    this.#written = pipeline(this.#frames, this.digest, createWriteStream(target, { mode: FILE_MODE }));
    // Told where it is waited for.
    this.#written.catch(() => undefined);
  }

  async add(sample: Dict, ts: bigint): Promise<void> {
    this.count.add(ts);
    if ("label" in sample) this.count.labels.add(sample["label"]);
    this.#list.append(sample);
    const frame = this.#list.takeFrame();
    if (frame !== undefined) await this.#write(frame);
  }

  async end(): Promise<void> {
    this.#frames.end(this.#list.end());
    await this.#written;
  }

  /** Nothing is written behind it. */
  async destroy(): Promise<void> {
    this.#frames.destroy();
    await this.#written.catch(() => undefined);
  }

  /** Waits until there is room, or until nothing can be written any more. */
  async #write(frame: Buffer): Promise<void> {
    if (this.#frames.destroyed) await this.#written;
    if (this.#frames.write(frame)) return;
    await Promise.race([new Promise((resolve) => this.#frames.once("drain", resolve)), this.#written]);
  }
}
