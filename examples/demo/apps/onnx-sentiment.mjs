/** Stands for a service that judges headlines with an ONNX model: events in the v1.0 shape, some of them training records. */
import { chance, emit, rounded } from "./emit.mjs";

const next = chance(7);
const headlines = [
  "ETF inflows reach a new high",
  "Exchange halts withdrawals",
  "Quiet weekend, thin volume",
  "Rate decision moves markets",
];

await emit((n) => (n % 4 === 3 ? trainingRecord(n) : inference(n)));

function inference(n) {
  const confidence = rounded(0.55 + next() * 0.44, 4);
  const slow = n % 25 === 24;
  return {
    category: "raw",
    level: slow ? "WARNING" : "INFO",
    component: "onnx_sentiment",
    event_type: "inference",
    message: slow ? "inference was slow" : "inference done",
    metadata: {
      confidence,
      inference_time: rounded(slow ? 1.2 + next() : 0.08 + next() * 0.12, 4),
      model_version: "v2.1",
      text: headlines[n % headlines.length],
      sentiment: confidence > 0.75 ? "positive" : "neutral",
    },
    tags: ["onnx", "inference"],
    timestamp: new Date().toISOString(),
  };
}

function trainingRecord(n) {
  const features = Array.from({ length: 8 }, () => rounded(next() * 2 - 1, 5));
  return {
    category: "training",
    level: "INFO",
    component: "onnx_sentiment",
    event_type: "training_data",
    message: "sample kept for training",
    metadata: { features, label: n % 8 === 3 ? 1 : 0, model_version: "v2.1" },
    tags: ["training"],
    timestamp: new Date().toISOString(),
  };
}
