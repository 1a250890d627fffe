import { createReadStream, createWriteStream } from "node:fs";
import { basename } from "node:path";
import { Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import split2 from "split2";
import type { Finish } from "../core/segment.js";
import { Digest } from "./formats/digest.js";
import { npzStream } from "./formats/npz.js";
import { PickledList } from "./formats/pickle.js";
import { arrayEntries, manifestText } from "./manifest.js";
import { keysOf, pickledSample } from "./pickled-sample.js";
import type { Sample } from "./sample.js";
import { SampleArrays } from "./sample-arrays.js";
import { SampleTally } from "./sample-tally.js";
import { StagedSamples } from "./staged-samples.js";

/** It was removed before: what stands there again is somebody else's, a link to another file perhaps. */
const NEW_FILE = { mode: 0o640, flags: "wx" };

/**
 * What makes training files of staged ones, by extension. They need nothing but the two paths, so samples that an earlier run
 * staged, under rules that are gone, can be finished too. The files are not synced: that is the store's part.
 */
export const TRAINING_FINISHERS: Readonly<Record<".npz" | ".pkl", Finish>> = {
  ".npz": finishNpz,
  ".pkl": finishPkl,
};

/** The columns of all samples are gathered first (an array's head says how long it is), then written piece by piece. */
async function finishNpz(source: string, target: string): Promise<string> {
  const samples = new StagedSamples(source);
  let gathered: { arrays: SampleArrays; tally: SampleTally } | undefined;
  const begin = () => ({
    arrays: new SampleArrays(samples.schema),
    tally: new SampleTally(samples.schema.classes),
  });
  const gather = new Writable({
    objectMode: true,
    write(sample: Sample, _encoding, done): void {
      gathered ??= begin();
      gathered.arrays.add(sample);
      gathered.tally.add(sample);
      done();
    },
  });
  await pipeline(createReadStream(source), split2(), samples, gather);
  gathered ??= begin();
  const members = gathered.arrays.toMembers();
  const digest = new Digest();
  await pipeline(npzStream(members), digest, createWriteStream(target, NEW_FILE));
  return manifestText({
    schema: samples.schema,
    tally: gathered.tally,
    refused: samples.refused,
    file: basename(target),
    digest: digest.result(),
    content: { arrays: arrayEntries(members) },
  });
}

/** Samples go through one by one: whatever their number, only a frame of them is in memory. */
async function finishPkl(source: string, target: string): Promise<string> {
  const samples = new StagedSamples(source);
  const list = new PickledList();
  const tally = new SampleTally();
  let toDict: ReturnType<typeof pickledSample> | undefined;
  const pickle = new Transform({
    writableObjectMode: true,
    transform(sample: Sample, _encoding, done): void {
      toDict ??= pickledSample(samples.schema);
      list.append(toDict(sample));
      tally.add(sample);
      done(null, list.takeFrame());
    },
    flush(done): void {
      done(null, list.end());
    },
  });
  const digest = new Digest();
  const file = createWriteStream(target, NEW_FILE);
  await pipeline(createReadStream(source), split2(), samples, pickle, digest, file);
  return manifestText({
    schema: samples.schema,
    tally,
    refused: samples.refused,
    file: basename(target),
    digest: digest.result(),
    content: { keys: keysOf(samples.schema) },
  });
}
