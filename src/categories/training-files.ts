import { createReadStream, createWriteStream } from "node:fs";
import { Readable, Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import split2 from "split2";
import { SidecarError } from "../core/errors.js";
import type { Finish } from "../core/segment.js";
import { npzPieces } from "./formats/npz.js";
import { PickledList } from "./formats/pickle.js";
import { pickledSample } from "./pickled-sample.js";
import { parseSample, parseSchema, type Sample, type SampleSchema } from "./sample.js";
import { SampleArrays } from "./sample-arrays.js";

const FILE_MODE = 0o640;

/**
 * Makes the .npz or .pkl file of a staged file: its first line says which. Needs nothing but the two files, so samples that an
 * earlier run staged, under rules that are gone, can be finished too. The file is not synced: that is the store's part.
 */
export const finishSamples: Finish = async (source, target) => {
  const schema = await readSchema(source);
  if (schema.format === "npz") await finishNpz(source, target, schema);
  else await finishPkl(source, target, schema);
};

/** The columns of all samples are gathered first (the arrays need their number), then written piece by piece. */
async function finishNpz(source: string, target: string, schema: SampleSchema): Promise<void> {
  const arrays = new SampleArrays(schema);
  const gather = new Writable({
    objectMode: true,
    write(sample: Sample, _encoding, done): void {
      arrays.add(sample);
      done();
    },
  });
  await pipeline(createReadStream(source), split2(), samples(source, schema), gather);
  await pipeline(
    Readable.from(npzPieces(arrays.toMembers())),
    createWriteStream(target, { mode: FILE_MODE }),
  );
}

async function finishPkl(source: string, target: string, schema: SampleSchema): Promise<void> {
  const list = new PickledList();
  const toDict = pickledSample(schema);
  const pickle = new Transform({
    writableObjectMode: true,
    transform(sample: Sample, _encoding, done): void {
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
    samples(source, schema),
    pickle,
    createWriteStream(target, { mode: FILE_MODE }),
  );
}

/** Lines in, samples out; the schema's line is left out. */
function samples(source: string, schema: SampleSchema): Transform {
  let line = 0;
  return new Transform({
    objectMode: true,
    transform(text: string, _encoding, done): void {
      line += 1;
      if (line === 1) done();
      else {
        const sample = readSample(text, schema);
        if (sample === undefined) done(brokenLine(source, line));
        else done(null, sample);
      }
    },
  });
}

function readSample(text: string, { width }: SampleSchema): Sample | undefined {
  try {
    const sample = parseSample(text);
    return width === null || sample.features.length === width ? sample : undefined;
  } catch {
    // Said by the caller, who knows the line's number.
    return undefined;
  }
}

async function readSchema(source: string): Promise<SampleSchema> {
  const lines = createReadStream(source).pipe(split2());
  for await (const line of lines) return parseSchema(line as string);
  throw brokenLine(source, 1);
}

function brokenLine(source: string, line: number): SidecarError {
  return new SidecarError("STORE_FAILED", `${source}:${line} is not a training sample`, {
    remedy: "The staged file was changed by something else; move it away to go on without its samples.",
  });
}
