import type { SeriesSpec, StagedSpec } from "../core/segment.js";
import type { CheckpointHead, RetiredEntry } from "./checkpoint.js";
import type { Segment } from "./segment.js";
import type { SeriesBook } from "./series.js";
import type { StagedBook, StagedFile } from "./staged.js";

interface SegmentCut {
  readonly segment: Segment;
  /** The place up to which it is committed. */
  readonly end: number;
  readonly closed: boolean;
}

interface StagedCut extends SegmentCut {
  readonly file: StagedFile;
  readonly entries: number;
}

/** How long the files are at one moment. */
export interface Capture {
  readonly serial: number;
  readonly series: readonly SegmentCut[];
  readonly staged: readonly StagedCut[];
  readonly retired: readonly RetiredEntry[];
}

/** Synchronous, so that all lengths belong to the same moment as the parts' snapshots. */
export function captureFiles(serial: number, series: SeriesBook, staged: StagedBook): Capture {
  const cutOf = (segment: Segment): SegmentCut => ({
    segment,
    end: segment.encode(),
    closed: segment.closed,
  });
  staged.retireLeaving(serial);
  return {
    serial,
    series: [...series.open].map(cutOf),
    staged: [...staged.open].map((file) => ({ ...cutOf(file.segment), file, entries: file.entries })),
    retired: staged.retired,
  };
}

/** The checkpoint for what was captured. Built after the files were written, because only then do all of them have names. */
export function headOf(capture: Capture): CheckpointHead {
  const segments = capture.series.flatMap(({ segment, end, closed }) => {
    const place = placeOf(segment, end);
    return place === undefined ? [] : [{ ...place, closed, spec: segment.spec as SeriesSpec }];
  });
  const staged = capture.staged.flatMap(({ segment, end, closed, file, entries }) => {
    const place = placeOf(segment, end);
    return place === undefined
      ? []
      : [{ ...place, closed, spec: segment.spec as StagedSpec, entries, firstMs: file.firstMs }];
  });
  const { serial, retired } = capture;
  return { serial, at: new Date().toISOString(), segments, staged, retired };
}

function placeOf(segment: Segment, end: number): { path: string; part: number; length: number } | undefined {
  const length = segment.lengthAt(end);
  const { path, part } = segment;
  return path === undefined || part === undefined || length === undefined
    ? undefined
    : { path, part, length };
}
