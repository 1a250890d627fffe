import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { Digest } from "../formats/digest.js";
import type { NpyArray } from "../formats/npy.js";
import { npyColumn } from "../formats/npy-column.js";
import type { NpyHeader } from "../formats/npy-header.js";
import { codecOf } from "../formats/npy-items.js";
import { npzStream } from "../formats/npz.js";
import { NpzFile } from "../formats/npz-reader.js";
import { arrayEntries } from "../manifest.js";
import { LabelCounts } from "../sample-tally.js";
import {
  broken,
  type Joined,
  type JoinedOutput,
  type JoinRequest,
  type JoinSource,
  nothingSelected,
  OutputCount,
  outputsOf,
  withSource,
} from "./joined.js";
import {
  CLASSES,
  commonLayout,
  LABEL,
  type NpzLayout,
  readItems,
  readLayout,
  rowShape,
  TIMES,
  withNpz,
} from "./npz-layout.js";
import { selectedRows } from "./npz-rows.js";

const FILE_MODE = 0o640;

/** A file that samples are taken from. */
interface Used {
  readonly source: JoinSource;
  /** The output of each of its samples. */
  readonly outputs: Int8Array;
}

/**
 * Joins .npz files in two passes: the first reads types, shapes, times and labels of each, the second lets one array after the other through,
 * file by file. In memory are a byte a sample and some pieces.
 * @throws SidecarError EXPORT_FAILED for a file that cannot be read, and for two that don't fit together.
 */
export async function joinNpz(request: JoinRequest): Promise<Joined> {
  const counts = request.targets.map(() => new OutputCount());
  const steps = new Steps(request);
  const { layout, used } = await survey(request, counts, steps);
  steps.expect(used.length * layout.arrays.size * request.targets.length);
  const outputs: JoinedOutput[] = [];
  for (const [output, target] of request.targets.entries()) {
    const count = counts[output]!;
    const members = new Map<string, NpyArray>();
    for (const [name, header] of layout.arrays) {
      members.set(
        name,
        name === CLASSES
          ? npyColumn(layout.classes ?? [])
          : joinedArray(header, count.samples, () => rowsOf(used, name, header, output, steps)),
      );
    }
    const digest = new Digest();
    await pipeline(npzStream(members), digest, createWriteStream(target, { mode: FILE_MODE }));
    outputs.push({ count, ...digest.result(), content: { arrays: arrayEntries(members) } });
  }
  return {
    outputs,
    used: used.map(({ source, outputs: each }) => ({
      source,
      samples: each.filter((output) => output >= 0).length,
    })),
    classes: layout.classes,
    hasLabels: layout.arrays.has(LABEL),
  };
}

/** The first pass. Files of which no sample is wanted are left out, whatever they look like. */
async function survey({ sources, selection }: JoinRequest, counts: readonly OutputCount[], steps: Steps) {
  let layout: NpzLayout | undefined;
  const used: Used[] = [];
  for (const source of sources) {
    await withSource(source, (path) =>
      withNpz(path, async (file) => {
        const outputs = outputsOf(await readTimes(file), selection, counts);
        if (outputs.some((output) => output >= 0)) {
          const own = await readLayout(file, source);
          if (layout === undefined)
            for (const count of counts) count.labels = new LabelCounts(own.classes ?? null);
          layout = layout === undefined ? own : commonLayout(layout, own);
          used.push({ source, outputs });
          if (own.arrays.has(LABEL)) await countLabels(file, outputs, counts);
        }
      }),
    );
    steps.done(`reading ${source.name}`);
  }
  if (layout === undefined) throw nothingSelected();
  return { layout, used };
}

async function readTimes(file: NpzFile): Promise<BigInt64Array> {
  const { descr } = await file.header(TIMES);
  if (descr !== "<i8") throw new Error(`its array ${TIMES} is of type ${descr}`);
  return BigInt64Array.from((await readItems(file, TIMES)) as bigint[]);
}

async function countLabels(file: NpzFile, outputs: Int8Array, counts: readonly OutputCount[]): Promise<void> {
  for (const [row, label] of (await readItems(file, LABEL)).entries())
    counts[outputs[row]!]?.labels.add(label);
}

function joinedArray(header: NpyHeader, samples: number, pieces: () => AsyncIterable<Buffer>): NpyArray {
  const { descr } = header;
  const shape = [samples, ...rowShape(header)];
  const sizeBytes = shape.reduce((product, length) => product * length, codecOf(descr).itemBytes);
  return { descr, shape, sizeBytes, pieces };
}

async function* rowsOf(
  used: readonly Used[],
  name: string,
  to: NpyHeader,
  output: number,
  steps: Steps,
): AsyncGenerator<Buffer> {
  for (const { source, outputs } of used) {
    const file = await withSource(source, NpzFile.open);
    try {
      yield* selectedRows(file, { name, to, outputs, output });
    } catch (cause) {
      throw broken(source, cause);
    } finally {
      await file.close();
    }
    steps.done(`writing ${name}`);
  }
}

/** Counts what is done of what is to do. */
class Steps {
  readonly #onProgress: JoinRequest["onProgress"];
  #all: number;
  #done = 0;

  constructor({ sources, onProgress }: JoinRequest) {
    this.#onProgress = onProgress;
    // How much the second pass has to do is known when the first is over; it takes most of the time.
    this.#all = sources.length * 5;
  }

  expect(steps: number): void {
    this.#all = this.#done + steps;
  }

  done(text: string): void {
    this.#done += 1;
    this.#onProgress(this.#done / this.#all, text);
  }
}
