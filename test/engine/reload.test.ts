import { mkdtemp, readFile, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { afterAll, describe, expect, it } from "vitest";
import { requirement } from "../requirements.js";
import { connect, removeContainers, runContainer } from "./engine.js";
import { COLLECT, SidecarProcess } from "./sidecar.js";
import { firstBreak, newestFile, type StoredRecord, storedRecords } from "./stored.js";

const NAME = "st-reload";
/** TEST_CHANGES=100 for a longer run; a multiple of four, so that the last version sends lines to raw. */
const CHANGES = Number(process.env["TEST_CHANGES"] ?? 32);
/** What the printing container aims at; it gets to nine tenths of it. */
const LINES_PER_SECOND = 24_000;
const LIMIT_MS = 25_000;

/** Prints numbered lines at that rate (a pause and what printing takes are some 50 ms) until a file is there. */
const PRINT_UNTIL_STOP = `awk 'BEGIN{for(i=1;;i++){printf "{\\"n\\":%d,\\"event_type\\":\\"load\\"}\\n",i;
  if(i%${LINES_PER_SECOND / 20}==0){fflush();if((getline x < "/stop")>=0)exit;system("usleep 40000")}}}'`;

/** Every version has another number of rules, which the sidecar's log tells, and every second sends lines elsewhere. */
function rulesText(version: number): string {
  const others = Array.from(
    { length: version },
    (_none, at) => `  - {id: other-${at}, match: {never: seen}, to: {raw: {}}}\n`,
  );
  const to = version % 4 === 0 ? "{raw: {}}" : `{tagged: {tags: [t]}}`;
  return `rules:\n${others.join("")}  - {id: v${version}, match: {event_type: load}, to: ${to}}\n`;
}

/** The same with a mistake at its end that is this version's own. */
function brokenText(version: number): string {
  return `${rulesText(version)}  - {id: broken, match: always, mistake${version}: true}\n`;
}

describe.skipIf(requirement("engine").missing)("rules that change under load", () => {
  const docker = connect();
  const made: Docker.Container[] = [];
  let sidecar: SidecarProcess;
  let file: string;

  afterAll(async () => {
    await sidecar?.stop();
    await removeContainers(made);
  });

  async function replace(text: string): Promise<void> {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  }

  /** In turn: written in place or replaced, then told by a signal (more often, since it is quicker) or left to be noticed. */
  async function change(turn: number, text: string): Promise<void> {
    if (turn % 2 === 0) await writeFile(file, text);
    else await replace(text);
    if (turn % 5 < 3) process.kill(sidecar.pid, "SIGHUP");
  }

  function isUsed(version: number): boolean {
    return sidecar.log.includes(`"rules":${version + 1},`);
  }

  it(
    "each line is written once, by the rules of one version, and no change is missed",
    async () => {
      const dir = await mkdtemp(join(tmpdir(), "reload-rules-"));
      file = join(dir, "rules.yaml");
      await writeFile(file, rulesText(0));
      sidecar = await SidecarProcess.start({ env: { SIDECAR_RULES_DIR: dir } });
      const container = await runContainer(docker, {
        name: NAME,
        script: PRINT_UNTIL_STOP,
        labels: COLLECT,
      });
      made.push(container);
      await sidecar.until("it collects", () => sidecar.log.includes("collecting a container"));
      const begun = Date.now();

      for (let version = 1; version <= CHANGES; version++) {
        const turn = Math.ceil(version / 2);
        if (version % 2 === 1) {
          await change(turn, brokenText(version));
          await sidecar.until(
            "the mistake is told",
            () => sidecar.log.includes(`\`mistake${version}\``),
            5000,
          );
        } else {
          await change(turn, rulesText(version));
          await sidecar.until("the version is in use", () => isUsed(version), 5000);
        }
      }
      // A signal that comes while the rules are being read is heard as well.
      await replace(rulesText(CHANGES + 2));
      process.kill(sidecar.pid, "SIGHUP");
      await replace(rulesText(CHANGES + 4));
      process.kill(sidecar.pid, "SIGHUP");
      await sidecar.until("the last version is in use", () => isUsed(CHANGES + 4), 5000);
      const seconds = (Date.now() - begun) / 1000;

      const stop = await container.exec({ Cmd: ["touch", "/stop"] });
      await stop.start({});
      await container.wait();
      const tail = await container.logs({ follow: false, stdout: true, tail: 1 });
      const last = Number(/"n":(\d+)/.exec(tail.toString("latin1"))?.[1]);
      await sidecar.until(
        "the last line is stored",
        async () => {
          const path = await newestFile(join(sidecar.logDir, "raw", NAME));
          return path !== undefined && (await readFile(path)).subarray(-400).includes(`{"n":${last},`);
        },
        60_000,
      );
      await sidecar.stop();

      const raw = (await storedRecords(sidecar.logDir, "raw")).filter(isOurs);
      const tagged = (await storedRecords(sidecar.logDir, "tagged")).filter(isOurs);
      const lines = [...raw, ...tagged].sort((a, b) => numberOf(a) - numberOf(b));
      expect(firstBreak(lines.map(numberOf))).toEqual([]);
      expect(lines).toHaveLength(last);

      const versions = lines.map(({ rule }) => Number(/^v(\d+)$/.exec(rule ?? "")?.[1]));
      const back = versions.findIndex((version, at) => !(version >= (versions[at - 1] ?? 0)));
      expect(back < 0 ? [] : versions.slice(back - 2, back + 2)).toEqual([]);
      expect(raw.every(({ rule }) => Number(rule?.slice(1)) % 4 === 0)).toBe(true);
      expect(tagged.every(({ rule }) => Number(rule?.slice(1)) % 4 === 2)).toBe(true);
      // Versions that were in use between two batches only decided nothing.
      expect(new Set(versions).size).toBeGreaterThan(CHANGES / 4);
      expect(versions.at(-1)).toBe(CHANGES + 4);
      console.info(
        `${last} lines, ${Math.round(last / seconds)}/s, ${CHANGES} changes in ${seconds.toFixed(1)} s, ` +
          `${new Set(versions).size} versions decided`,
      );
    },
    LIMIT_MS * 4,
  );
});

function isOurs({ container }: StoredRecord): boolean {
  return container === NAME;
}

function numberOf({ data }: StoredRecord): number {
  return Number(data?.["n"]);
}
