import { dirname } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it, vi } from "vitest";
import { at, logFolder, pathsIn, retentionOf } from "./files.js";

/** As rename(2) answers where the archive is a mount of its own. */
vi.mock("node:fs/promises", async (importActual) => ({
  ...(await importActual<typeof import("node:fs/promises")>()),
  rename: async (from: string, to: string) => {
    const { realpath, rename } = await importActual<typeof import("node:fs/promises")>();
    // The folder may be named by the handle that holds it open.
    if (!(await realpath(dirname(to))).includes("/archive")) return rename(from, to);
    throw Object.assign(new Error(`EXDEV: cross-device link not permitted, rename '${from}'`), {
      code: "EXDEV",
    });
  },
}));

it("an archive on another disk leaves files where they are, and says why", async () => {
  const logDir = logFolder({ "raw/web/log_2026-06-26.jsonl.gz": gzipSync("a\n") });
  const { failures } = await retentionOf(logDir).run(at("2026-06-30"));
  expect(failures).toMatchObject([
    {
      step: "archive",
      why: expect.stringMatching(/would lie on another file system.*mount the whole log folder/),
    },
  ]);
  expect(pathsIn(logDir)).toEqual(["raw/web/log_2026-06-26.jsonl.gz"]);
});
