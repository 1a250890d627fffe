import { chmodSync, existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { afterAll, describe, expect, it } from "vitest";
import { requirement } from "../requirements.js";
import { connect, removeContainers, runToEnd } from "./engine.js";
import { COLLECT, SidecarProcess } from "./sidecar.js";
import { storedRecords } from "./stored.js";

const NAME = "st-python";
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

/** Where this machine has Python and its libraries: they are lent to the container. */
const LENT = ["/usr", "/lib", "/lib64"].filter((folder) => existsSync(folder));

const missing = (["engine", "engine-socket", "python"] as const).some((name) => requirement(name).missing);

describe.skipIf(missing)("a Python program that uses logging", () => {
  const docker = connect();
  const made: Docker.Container[] = [];
  let sidecar: SidecarProcess;

  afterAll(async () => {
    await sidecar?.stop();
    await removeContainers(made);
  });

  it("is stored as its developer reads it, though it knows of no sidecar", async () => {
    const folder = mkdtempSync(join(tmpdir(), "python-"));
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, "shop.py"), PROGRAM);
    sidecar = await SidecarProcess.start();
    const { container, status } = await runToEnd(docker, {
      name: NAME,
      script: "/usr/bin/python3 /app/shop.py",
      labels: COLLECT,
      binds: [`${folder}:/app:ro`, ...LENT.map((path) => `${path}:${path}:ro`)],
    });
    made.push(container);
    expect(status).toBe(0);
    const stored = async () =>
      (await storedRecords(sidecar.logDir, "raw")).filter((record) => record.container === NAME);
    await sidecar.until("the last line is stored", async () => (await stored()).length >= 3);
    const records = (await stored()).sort((a, b) => (a.ts < b.ts ? -1 : 1));
    const logger = expect.objectContaining({ logger: "shop.cart" }) as unknown;
    expect(records).toMatchObject([
      { level: "info", message: "starting", data: logger },
      { level: "error", data: logger },
      { level: "warning", message: "going on", data: logger },
    ]);
    // Later versions of Python underline the place.
    expect(String(records[1]?.message).replaceAll(/\s+[~^]+(?=\n)/g, "")).toBe(
      `payment failed
Traceback (most recent call last):
  File "/app/shop.py", line 7, in pay
    return {}["price"]
KeyError: 'price'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/app/shop.py", line 11, in <module>
    pay()
  File "/app/shop.py", line 9, in pay
    raise ValueError("cannot pay:\\n  order 7\\n  customer 12") from error
ValueError: cannot pay:
  order 7
  customer 12`,
    );
  });
});
