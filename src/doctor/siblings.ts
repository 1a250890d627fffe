import { ask } from "../sources/docker/ask.js";
import type { EngineAddress } from "../sources/docker/engine.js";
import { Gate } from "../sources/docker/gate.js";
import { inScope, ownContainerIds, type Scope } from "../sources/docker/scope.js";
import { readEnabled, readEnvironment } from "../sources/docker/watched-container.js";
import type { Examined, Finding } from "./finding.js";
import { podmanFindings } from "./podman.js";
import { rotationFindings } from "./rotation.js";
import { type Sibling, siblingSchema } from "./sibling.js";
import { zoneFindings } from "./time-zones.js";

const PROJECT = "com.docker.compose.project";
const AT_ONCE = 4;

export interface SiblingsOptions {
  readonly scope?: Scope | undefined;
  /** The sidecar's own. */
  readonly timeZone: string;
  /** The engine is Podman. */
  readonly podman: boolean;
  readonly engineFiles?: string | undefined;
}

/** The containers that would be collected, and whether their lines can be had. */
export async function examineSiblings(
  address: EngineAddress,
  { scope, timeZone, podman, engineFiles }: SiblingsOptions,
): Promise<Examined> {
  const all = await inspectAll(address);
  const own = all.find(({ Id }) => ownContainerIds().some((id) => Id.startsWith(id)));
  const project = own?.Config.Labels?.[PROJECT];
  const used = scope ?? (project === undefined ? "all" : "project");
  const rule = { scope: used, project, ownId: own?.Id };
  const siblings = all.filter(({ Id: id, Config }) => {
    const labels = Config.Labels ?? {};
    const enabled = readEnabled(labels, readEnvironment(Config.Env ?? []), () => undefined);
    return inScope(rule, { id, labels, enabled });
  });
  const gate = new Gate(AT_ONCE);
  const findings = await Promise.all(
    siblings.map((sibling) =>
      gate.pass(() =>
        podman ? podmanFindings(address, sibling, engineFiles) : examineOne(address, sibling),
      ),
    ),
  );
  const named = used === "project" ? `project ${project ?? "(none)"}` : used;
  return {
    facts: { containers: `${siblings.length} of ${all.length} are collected (scope: ${named})` },
    findings: [
      ...(siblings.length === 0 ? [nobody(named)] : []),
      ...findings.flat(),
      ...zoneFindings(timeZone, siblings),
    ],
  };
}

async function inspectAll(address: EngineAddress): Promise<Sibling[]> {
  const { body } = await ask(address, "/containers/json?all=1");
  const listed = Array.isArray(body) ? (body as { Id: string }[]) : [];
  const gate = new Gate(AT_ONCE);
  const answers = await Promise.all(
    listed.map(({ Id }) => gate.pass(() => ask(address, `/containers/${Id}/json`))),
  );
  // What went away in between is no container.
  return answers.flatMap(({ body }) => siblingSchema.safeParse(body).data ?? []);
}

function nobody(scope: string): Finding {
  return {
    id: "nobody",
    level: "warning",
    what: `no container is in the scope (${scope})`,
    why: "The sidecar will run, and have nothing to collect.",
    remedy:
      'SIDECAR_SCOPE=all for every container, or labelled and `log-sidecar.enable: "true"` on those that are wanted.',
  };
}

async function examineOne(address: EngineAddress, sibling: Sibling): Promise<Finding[]> {
  const name = sibling.Name.replace(/^\//, "");
  const { Type: driver, Config } = sibling.HostConfig.LogConfig;
  const options = Config ?? {};
  const { status } = await ask(address, `/containers/${sibling.Id}/logs?stdout=1&tail=1`);
  if (status === 404) return [];
  if (status >= 400) return [unreadable(name, driver)];
  return [
    ...(options["mode"] === "non-blocking" ? [nonBlocking(name, options["max-buffer-size"])] : []),
    ...(await rotationFindings(address, sibling)),
  ];
}

function unreadable(name: string, driver: string): Finding {
  return {
    id: "driver-unreadable",
    level: "error",
    what: `${name}: its log driver ${driver} can't be read back`,
    why: "Its lines are not collected.",
    remedy: `In its service: logging: { driver: json-file, options: { max-size: 50m, max-file: "4" } }; or log-sidecar.enable: "false" among its labels`,
  };
}

function nonBlocking(name: string, buffer = "1m"): Finding {
  return {
    id: "non-blocking",
    level: "warning",
    what: `${name}: its log mode is non-blocking`,
    why: `The engine drops lines when its buffer of ${buffer} is full, and nobody can tell that it did.`,
    remedy: "In its service's logging options: leave `mode` out, or say mode: blocking",
  };
}
