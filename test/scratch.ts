import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Everything that tests put into the folder for temporary files goes away with them, what killed programs left as well. */
export function setup(): (() => void) | undefined {
  // The projects of one run share it.
  if (process.env["TEST_SCRATCH"] !== undefined) return undefined;
  const scratch = mkdtempSync(join(tmpdir(), "sidecar-tests-"));
  // Some tests become another user, who has to get through to a folder of its own.
  chmodSync(scratch, 0o711);
  process.env["TEST_SCRATCH"] = scratch;
  process.env["TMPDIR"] = scratch;
  return () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}
