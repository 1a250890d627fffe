import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type Docker from "dockerode";
import { afterAll, describe, expect, it } from "vitest";
import { requirement } from "../requirements.js";
import { connect, removeContainers, runContainer } from "./engine.js";
import { COLLECT, SidecarProcess, until } from "./sidecar.js";
import { countLines, type StoredRecord, storedRecords } from "./stored.js";

const NAME = "st-dedupe";
/** Bursts of one message after the other, so that windows are open at any moment. */
const BURSTS = 30;
const LINES_A_BURST = 40;
const PRINT = `awk 'BEGIN{for(b=0;b<${BURSTS};b++){for(i=0;i<${LINES_A_BURST};i++){
  printf "{\\"level\\":\\"warning\\",\\"message\\":\\"slow %d\\",\\"ts\\":%d,\\"pin\\":\\"s3cret\\"}\\n",i%4,b*1000+i
  print "{\\"event_type\\":\\"noise\\"}"};fflush();system("usleep 100000")}}'`;

const RULES = `rules:
  - {id: slow, match: {level: warning}, dedupe: {window: 700ms}, redact: [pin], to: {raw: {}, tagged: {tags: [slow]}}}
  - {id: noise, match: {event_type: noise}, sample: 0.25, to: {raw: {}}}
`;

function standsFor(records: readonly StoredRecord[], message: string): number {
  return records
    .filter((record) => record.message === message)
    .reduce((sum, { repeated }) => sum + (repeated ?? 1), 0);
}

describe.skipIf(requirement("engine").missing)("equal records made one", () => {
  const docker = connect();
  const made: Docker.Container[] = [];
  let sidecar: SidecarProcess;
  let logDir = "";

  afterAll(async () => {
    await sidecar?.kill();
    await removeContainers(made);
    await rm(logDir, { recursive: true, force: true });
  });

  it("a kill within a window loses none and doubles none", async () => {
    const rulesDir = await mkdtemp(join(tmpdir(), "dedupe-rules-"));
    await writeFile(join(rulesDir, "rules.yaml"), RULES);
    const env = { SIDECAR_RULES_DIR: rulesDir };
    const container = await runContainer(docker, { name: NAME, script: PRINT, labels: COLLECT });
    made.push(container);
    sidecar = await SidecarProcess.start({ env });
    logDir = sidecar.logDir;
    for (const lines of [4, 12]) {
      const checkpoint = () => readFile(join(logDir, ".sidecar/checkpoint.json"), "utf8");
      await until("records are stored, and others held", async () => {
        return (
          (await countLines(logDir, "tagged")) >= lines &&
          (await checkpoint()).includes('"ruleOfDedupe":"slow"')
        );
      });
      await sidecar.kill();
      expect(await checkpoint()).not.toContain("s3cret");
      sidecar = await SidecarProcess.start({ env, logDir });
    }
    await container.wait();
    const raw = () => storedRecords(logDir);
    await sidecar.until(
      "what was held is written",
      async () => standsFor(await raw(), "slow 3") >= BURSTS * 10,
    );
    expect(await sidecar.stop()).toBe(0);

    const stored = [...(await raw()), ...(await storedRecords(logDir, "tagged"))];
    for (const records of [await raw(), await storedRecords(logDir, "tagged")]) {
      for (const message of ["slow 0", "slow 1", "slow 2", "slow 3"]) {
        expect([message, standsFor(records, message)]).toEqual([message, (BURSTS * LINES_A_BURST) / 4]);
      }
    }
    const slow = stored.filter(({ message }) => message !== undefined);
    expect(slow.length).toBeLessThan((BURSTS * LINES_A_BURST) / 4);
    expect(slow.every(({ data }) => data?.["pin"] === "[redacted]")).toBe(true);
    const noise = (await raw()).length - (await storedRecords(logDir, "tagged")).length;
    const all = BURSTS * LINES_A_BURST;
    expect(Math.abs(noise - all / 4)).toBeLessThan(5 * Math.sqrt(all * 0.25 * 0.75));
    const cli = promisify(execFile);
    const command = (...args: string[]) =>
      cli(process.execPath, ["dist/main.js", ...args, "--json", "--log-dir", logDir], {
        env: { ...process.env, ...env },
      });
    const { containers } = JSON.parse((await command("stats")).stdout);
    const [{ read, written, collapsed, sampled, held }] = containers;
    expect([read, written + collapsed + sampled, held]).toEqual([2 * all, 2 * all, 0]);
    expect(sampled).toBe(all - noise);
    // It tells of the lines that are some seconds old; on a quick machine none is yet.
    await until("verify tells of some lines of each kind", async () => {
      const [verdict] = JSON.parse((await command("verify")).stdout);
      expect(verdict).toMatchObject({ container: NAME, missing: [], missingCount: 0, doubleCount: 0 });
      return Math.min(verdict.collapsed, verdict.elsewhere, verdict.held) > 0;
    });
  });
});
