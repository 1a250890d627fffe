import { parentPort } from "node:worker_threads";
import { causeText, systemCode } from "../../core/errors.js";
import { gzipFile } from "./gzip-file.js";
import { type Packing, type PackJob, PackRefused } from "./packer.js";

/** What a thread answers. Errors cross as plain values: a clone would lose their code. */
export type Answer =
  | { readonly packing: Packing }
  | {
      readonly failed: {
        readonly text: string;
        readonly code: string | undefined;
        readonly refused: boolean;
      };
    };

async function answerTo(job: PackJob): Promise<Answer> {
  try {
    return { packing: await gzipFile(job) };
  } catch (cause) {
    return {
      failed: { text: causeText(cause), code: systemCode(cause), refused: cause instanceof PackRefused },
    };
  }
}

parentPort?.on("message", (job: PackJob) => {
  void answerTo(job).then((answer) => parentPort?.postMessage(answer));
});
