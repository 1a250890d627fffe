import { truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { gapsOf } from "../../src/pipeline/lost-files.js";
import { openStore, rawSpec, TOMORROW, temporaryFolder } from "../store/stores.js";

it("a file that does not fit the checkpoint is a gap of its component", async () => {
  const logDir = temporaryFolder();
  const store = await openStore(logDir);
  store.series(rawSpec("web")).append("one\ntwo\n", 2);
  await store.close();
  const path = `raw/web/log_${TOMORROW}.jsonl`;
  truncateSync(join(logDir, path), 4);
  const next = await openStore(logDir);
  const [gap, ...others] = gapsOf(next.lost);
  expect(others).toEqual([]);
  expect(gap?.container.componentDefault).toBe("web");
  expect(gap?.gap?.why).toBe(`${path} has 4 of 8 committed bytes`);
  expect(gapsOf([{ path: "summary/t/t.csv", why: "is missing" }])[0]?.container.name).toBe("log-sidecar");
  await next.close();
});
