import Docker from "dockerode";
import type { TestProject } from "vitest/node";
import { privateEngineObstacle } from "../requirements.js";
import { TEST_LABEL } from "./engine.js";
import { EngineProcess } from "./engine-process.js";

/**
 * Gives the engine tests an engine: the one that DOCKER_HOST or the default socket reaches, else a private one; always a private one where
 * TEST_ENGINE names it.
 * Test files see it by DOCKER_HOST; when there is none, by TEST_ENGINE_ABSENT, which holds the reason.
 * @returns what ends it again, and takes away the containers the tests left behind
 */
export async function setup({ name }: TestProject): Promise<() => Promise<void>> {
  // The image is tested beside the other tests, and has none of their containers.
  const isImage = name === "image";
  if (process.env["TEST_ENGINE"] === undefined && (await answers()))
    return isImage ? async () => undefined : () => removeLeftContainers();
  const obstacle = privateEngineObstacle();
  if (obstacle !== "") return withoutEngine(obstacle);
  try {
    // An image is built from what the network gives; the engine of the other tests, which runs meanwhile, keeps to itself.
    const engine = await EngineProcess.launch({ network: isImage ? "host" : "own" });
    process.env["DOCKER_HOST"] = engine.host;
    return () => engine.close();
  } catch (error) {
    return withoutEngine(String(error));
  }
}

function withoutEngine(reason: string): () => Promise<void> {
  process.env["TEST_ENGINE_ABSENT"] = `${whatFailed()}${reason}`;
  return () => Promise.resolve();
}

function whatFailed(): string {
  const named = process.env["TEST_ENGINE"];
  return named === undefined ? "no Docker Engine answers, and " : `engine ${named}: `;
}

async function answers(): Promise<boolean> {
  try {
    await new Docker({ timeout: 5_000 }).ping();
    return true;
  } catch {
    return false;
  }
}

async function removeLeftContainers(): Promise<void> {
  const docker = new Docker();
  const filters = { label: [TEST_LABEL] };
  for (const left of await docker.listContainers({ all: true, filters })) {
    await docker.getContainer(left.Id).remove({ force: true, v: true });
  }
}
