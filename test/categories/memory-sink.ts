import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Appender, Finish, SegmentSink, SeriesSpec, StagedSpec } from "../../src/core/segment.js";

interface StagedText {
  text: string;
  readonly finish: Finish;
}

/** Keeps what is appended as texts by path, as the store would lay files out if no file ever grew too large. */
export class MemorySink implements SegmentSink {
  /** By path below the log folder. */
  readonly files = new Map<string, string>();
  readonly #staged = new Map<string, StagedText>();
  entries = 0;
  /** How often a series or staged file was asked for. */
  opened = 0;
  /** Every text as it was handed over. */
  readonly appended: string[] = [];
  readonly #paths = new Set<string>();

  /** Paths without the numbers that the store gives, in the order in which they were first asked for. */
  paths(): string[] {
    return [...this.#paths];
  }

  series(spec: SeriesSpec): Appender {
    this.opened += 1;
    const path = `${spec.folder}/${spec.stem}_${spec.date}${spec.extension}`;
    this.#paths.add(path);
    if (!this.files.has(path)) this.files.set(path, spec.header);
    return {
      append: (text, entries) => {
        this.entries += entries;
        this.appended.push(text);
        this.files.set(path, (this.files.get(path) ?? "") + text);
      },
    };
  }

  staged(spec: StagedSpec, finish: Finish): Appender {
    this.opened += 1;
    // Files with different headers are different files; the number stands in the order of their opening.
    const key = JSON.stringify(spec);
    this.#paths.add(`${spec.folder}/${spec.stem}_${spec.date}${spec.extension}`);
    const staged = this.#staged.get(key) ?? { text: spec.header, finish };
    this.#staged.set(key, staged);
    return {
      append: (text, entries) => {
        this.entries += entries;
        this.appended.push(text);
        staged.text += text;
      },
    };
  }

  /** Finishes all staged files into a temporary folder; gives their paths by path below the log folder. */
  async finishAll(): Promise<Map<string, string>> {
    const folder = mkdtempSync(join(tmpdir(), "sidecar-staged-"));
    const finished = new Map<string, string>();
    let number = 0;
    for (const [key, { text, finish }] of this.#staged) {
      const spec = JSON.parse(key) as StagedSpec;
      number += 1;
      const source = join(folder, `${number}.staged`);
      const target = join(folder, `${number}${spec.extension}`);
      writeFileSync(source, text);
      const manifest = await finish(source, target);
      if (manifest !== undefined) writeFileSync(target.replace(/\.\w+$/, ".json"), manifest);
      finished.set(`${spec.folder}/${spec.stem}_${spec.date}_${number}${spec.extension}`, target);
    }
    return finished;
  }
}
