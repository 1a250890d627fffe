import { createReadStream, createWriteStream } from "node:fs";
import { Readable, Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import split2 from "split2";
import type { Finish } from "../core/segment.js";
import { npzPieces } from "./formats/npz.js";
import { PickledList } from "./formats/pickle.js";
import { pickledSample } from "./pickled-sample.js";
import type { Sample } from "./sample.js";
import { SampleArrays } from "./sample-arrays.js";
import { StagedSamples } from "./staged-samples.js";

const FILE_MODE = 0o640;

/**
 * What makes training files of staged ones, by extension. They need nothing but the two paths, so samples that an earlier run
 * staged, under rules that are gone, can be finished too. The files are not synced: that is the store's part.
 */
export const TRAINING_FINISHERS: Readonly<Record<".npz" | ".pkl", Finish>> = {
  ".npz": finishNpz,
  ".pkl": finishPkl,
};

/** The columns of all samples are gathered first (an array's head says how long it is), then written piece by piece. */
async function finishNpz(source: string, target: string): Promise<void> {
  const samples = new StagedSamples(source);
  let arrays: SampleArrays | undefined;
  const gather = new Writable({
    objectMode: true,
    write(sample: Sample, _encoding, done): void {
      arrays ??= new SampleArrays(samples.schema);
      arrays.add(sample);
      done();
    },
  });
  await pipeline(createReadStream(source), split2(), samples, gather);
  arrays ??= new SampleArrays(samples.schema);
  await pipeline(
    Readable.from(npzPieces(arrays.toMembers())),
    createWriteStream(target, { mode: FILE_MODE }),
  );
}

/** Samples go through one by one: whatever their number, only a frame of them is in memory. */
async function finishPkl(source: string, target: string): Promise<void> {
  const samples = new StagedSamples(source);
  const list = new PickledList();
  let toDict: ReturnType<typeof pickledSample> | undefined;
  const pickle = new Transform({
    writableObjectMode: true,
    transform(sample: Sample, _encoding, done): void {
      toDict ??= pickledSample(samples.schema);
      list.append(toDict(sample));
      done(null, list.takeFrame());
    },
    flush(done): void {
      done(null, list.end());
    },
  });
  await pipeline(
    createReadStream(source),
    split2(),
    samples,
    pickle,
    createWriteStream(target, { mode: FILE_MODE }),
  );
}
