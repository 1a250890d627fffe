import type { Settings } from "../../config/schema.js";
import type { SegmentSink } from "../../core/segment.js";
import { type ByteSink, LaneFiles } from "../../lane/files.js";
import { Lane } from "../../lane/lane.js";
import { loadMachine, type Machine, setTraces } from "../../lane/machine.js";
import { TRACE_SIGNS } from "../../records/redact/traces.js";
import { laneMissing } from "../../telemetry/sidecar-events.js";
import type { Telemetry } from "../../telemetry/telemetry.js";
import { LineTeacher, type LineTeacherOptions } from "./line-teacher.js";

/** What both ways write to, and the lane that can be opened over it once the long way is there. */
export interface LaneGround {
  /** The store, or what stands before it. */
  readonly sink: SegmentSink;
  /** Undefined where all lines go the long way. */
  readonly open: ((options: Omit<LineTeacherOptions, "files">) => Lane) | undefined;
}

/** The ground of the lane, unless the settings or the machine say that there is none. */
export function layLane(store: ByteSink, lane: Settings["lane"], telemetry: Telemetry): LaneGround {
  const machine = lane === "off" ? undefined : loadMachine();
  if (machine === undefined) {
    if (lane !== "off") laneMissing(telemetry);
    return { sink: store, open: undefined };
  }
  const files = new LaneFiles(store, machine);
  return { sink: files, open: (options) => openLane(machine, files, options) };
}

function openLane(machine: Machine, files: LaneFiles, options: Omit<LineTeacherOptions, "files">): Lane {
  setTraces(machine, TRACE_SIGNS);
  return new Lane(machine, files, new LineTeacher({ ...options, files }));
}
