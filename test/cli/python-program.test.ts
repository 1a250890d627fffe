import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Entry } from "../../src/reading/entries.js";
import { readNewest } from "../../src/reading/newest.js";
import { listSegments } from "../../src/reading/segments.js";
import { requirement } from "../requirements.js";
import { runSidecar } from "./run-sidecar.js";

const PYTHON = "/usr/bin/python3";
const PROGRAM = `import logging
logging.basicConfig(level=logging.INFO, format="%(asctime)s - %(name)s - %(levelname)s - %(message)s")
log = logging.getLogger("shop.cart")
log.info("starting")
def pay():
    try:
        return {}["price"]
    except KeyError as error:
        raise ValueError("cannot pay:\\n  order 7\\n  customer 12") from error
try:
    pay()
except ValueError:
    log.exception("payment failed")
log.warning("going on")
`;

describe.skipIf(requirement("python").missing)("a Python program that uses logging", () => {
  it("is stored as its developer reads it, though it knows of no sidecar", async () => {
    const folder = mkdtempSync(join(tmpdir(), "python-"));
    const logDir = join(folder, "logs");
    writeFileSync(join(folder, "shop.py"), PROGRAM);
    expect(await runSidecar(["run", "--log-dir", logDir, "--", PYTHON, join(folder, "shop.py")])).toBe(0);
    const segments = await listSegments(logDir, "raw");
    const entries = await readNewest({ logDir, segments, wanted: {}, count: 99 });
    const records = entries.map(({ text }: Entry) => JSON.parse(text) as Record<string, unknown>);
    const logger = expect.objectContaining({ logger: "shop.cart" }) as unknown;
    expect(records).toMatchObject([
      { level: "info", message: "starting", data: logger },
      { level: "error", data: logger },
      { level: "warning", message: "going on", data: logger },
    ]);
    expect(
      String(records[1]?.["message"])
        .replaceAll(folder, "")
        .replaceAll(/\s+[~^]+(?=\n)/g, ""),
    ).toBe(
      `payment failed
Traceback (most recent call last):
  File "/shop.py", line 7, in pay
    return {}["price"]
KeyError: 'price'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/shop.py", line 11, in <module>
    pay()
  File "/shop.py", line 9, in pay
    raise ValueError("cannot pay:\\n  order 7\\n  customer 12") from error
ValueError: cannot pay:
  order 7
  customer 12`,
    );
  });
});
