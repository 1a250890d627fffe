/** The lines that scenarios read: what a few apps print, JSON of 190 to 240 bytes, the same at each run. */
import { createWriteStream, existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Of 100 lines 50 are plain requests, 30 inferences (10 of them labelled), 15 batches, 3 warnings and 2 login failures. */
export function lineAt(index) {
  const kind = index % 100;
  const time = new Date(Date.UTC(2026, 0, 31) + index * 7).toISOString();
  const id = ((index * 2654435761) >>> 0).toString(16).padStart(8, "0");
  if (kind < 50) {
    const path = `/api/v1/orders/${100_000 + (index % 700_000)}`;
    return (
      `{"timestamp":"${time}","level":"INFO","component":"api","event_type":"request","message":"GET ${path} 200",` +
      `"method":"GET","status":200,"duration_ms":${(index % 4000) / 100},"request_id":"${id}"}\n`
    );
  }
  if (kind < 80) {
    const label = kind < 60 ? `,"label":${index % 3}` : "";
    return (
      `{"timestamp":"${time}","level":"INFO","component":"onnx_sentiment","event_type":"inference",` +
      `"confidence":0.${10_000 + (index % 89_999)},"inference_time":0.0${100 + (index % 899)}${label},` +
      `"model_version":"v2.3.1","request_id":"${id}"}\n`
    );
  }
  if (kind < 95) {
    return (
      `{"category":"summary","level":"INFO","component":"batch_processor","event_type":"batch_processing",` +
      `"message":"batch ${id} done","metadata":{"batch_size":32,"processing_time":1.${100 + (index % 899)},"success_count":32,"error_count":0}}\n`
    );
  }
  if (kind < 98) {
    return (
      `{"timestamp":"${time}","level":"WARNING","component":"feed","message":"reconnected to the exchange after ${index % 60} s",` +
      `"exchange":"binance","symbol":"BTCUSDT","attempt":${index % 9},"backoff_ms":${index % 30_000},"session":"${id}"}\n`
    );
  }
  return (
    `{"timestamp":"${time}","level":"ERROR","component":"auth","event_type":"auth_failure","message":"login failed",` +
    `"user":"user${index % 500}","source_ip":"10.0.${index % 250}.7","attempts":${5 + (index % 9)},"session":"${id}"}\n`
  );
}

/** How many of `count` lines go to summary, training and tagged by the shipped rules. */
export function expected(count) {
  const hundreds = count / 100;
  return { raw: count - 2 * hundreds, summary: 45 * hundreds, training: 10 * hundreds, tagged: 2 * hundreds };
}

/** A file of `count` lines, made once. */
export async function linesFile(folder, count) {
  const path = `${folder}/lines-${count}.jsonl`;
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  await pipeline(Readable.from(chunks(count)), createWriteStream(`${path}.new`));
  renameSync(`${path}.new`, path);
  return path;
}

function* chunks(count) {
  for (let from = 0; from < count; from += 1000) {
    let text = "";
    for (let at = from; at < Math.min(count, from + 1000); at += 1) text += lineAt(at);
    yield text;
  }
}
