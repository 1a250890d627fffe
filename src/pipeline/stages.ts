import { pipeline } from "node:stream/promises";
import type { Settings } from "../config/schema.js";
import type { Calendar } from "../core/calendar.js";
import type { Container } from "../core/container.js";
import type { LogRecord } from "../core/record.js";
import type { LineBatch, LineSink } from "../core/source.js";
import { createRedact } from "../records/redact/redact.js";
import { FORMATS } from "../records/text.js";
import { createUnderstand } from "../records/understand.js";
import type { RuleStore } from "../rules/reload.js";
import type { Store } from "../store/store.js";
import { badLabel } from "../telemetry/sidecar-events.js";
import type { Telemetry } from "../telemetry/telemetry.js";
import { classifyBatches, classifyStage } from "./classify-stage.js";
import { Intake } from "./intake.js";
import type { LaneGround } from "./lessons/open-lane.js";
import type { Output } from "./output.js";
import type { Patience } from "./patience.js";
import { StraightIntake } from "./straight-intake.js";
import { understandBatches, understandStage } from "./understand-stage.js";
import { writeBatch, writeStage } from "./write-stage.js";

interface StageParts extends Output {
  readonly settings: Settings;
  readonly telemetry: Telemetry;
  readonly rules: RuleStore;
  readonly patience: Patience;
  readonly sheds: () => boolean;
  readonly calendar: Calendar;
  readonly store: Store;
  readonly ground: LaneGround;
}

/** The way of lines to the store. */
export interface Stages {
  readonly intake: LineSink & {
    /** No source will deliver any more. */
    end(): void;
    /** Resolves when all that was delivered by now is with the store. */
    settled(): Promise<void>;
  };
  /** Resolves when all that was delivered before the end is with the store; rejects when a stage fails. */
  readonly flowing: Promise<void>;
}

/** The long way, stage by stage; with a lane, the whole of it at once, for what the lane does not take. */
export function buildStages({ settings, telemetry, rules, patience, ground, ...parts }: StageParts): Stages {
  const { counters, matches, reads } = telemetry;
  const badFormat = badLabel(telemetry, "format");
  const understand = createUnderstand({
    redact: createRedact(settings, (kind) => counters.add("secrets_redacted_total", 1, kind)),
    onOwnEvent: () => counters.add("own_events_renamed_total"),
    onBadFormat: (container, format) => badFormat(container, `"${format}" is none of ${FORMATS.join(", ")}`),
  });
  const classifier = () => {
    const { current } = rules;
    return (record: LogRecord) => current.classify(record);
  };
  const writing = { ...parts, counters, metrics: telemetry.metrics };
  const room = () => patience.wait();
  if (ground.open === undefined) {
    const first = understandStage({ understand, reads });
    const intake = new Intake(first);
    const last = writeStage({ ...writing, room, onSettled: () => intake.settle() });
    return { intake, flowing: pipeline(first, classifyStage(classifier, matches), last) };
  }
  const { held, store, sheds } = parts;
  const isBusy = (container: Container) =>
    held.count > 0 || sheds() || parts.permanentQuota.isOver(container);
  const lane = ground.open({ ...parts, rules, telemetry, redact: settings.redact, isBusy });
  const first = understandBatches({ understand, reads });
  const second = classifyBatches(classifier, matches);
  const work = (batch: LineBatch) => writeBatch(second(first(batch)), writing);
  const intake = new StraightIntake({ lane, work, room, hasRoom: () => store.hasRoom });
  return { intake, flowing: intake.flowing };
}
