import { randomBytes } from "node:crypto";
import Docker from "dockerode";
import { BUSYBOX_IMAGE, ensureImage } from "./images.js";

/** Every container that a test makes carries this label, so that none is left behind. */
export const TEST_LABEL = "sidecar-test";

export interface ContainerSpec {
  /** For `/bin/sh -c`; see lines.ts for scripts that print many lines. */
  readonly script: string;
  readonly image?: string;
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly tty?: boolean;
  /** Default json-file. */
  readonly logDriver?: string;
  readonly logOptions?: Readonly<Record<string, string>>;
  /** `--rm`: the engine removes the container, and its log, when it ends. */
  readonly autoRemove?: boolean;
  readonly restart?: "always" | "on-failure" | "unless-stopped";
  /** `/host/folder:/container/folder[:ro]`. */
  readonly binds?: readonly string[];
  /** Default `none`: nothing to set up, so it starts sooner. */
  readonly network?: string;
}

/** The engine of the tests (DOCKER_HOST, else the default socket), or the one at `socketPath`. */
export function connect(socketPath?: string): Docker {
  return socketPath === undefined ? new Docker() : new Docker({ socketPath });
}

/** Makes a container, not yet started. */
export async function createContainer(docker: Docker, spec: ContainerSpec): Promise<Docker.Container> {
  const image = spec.image ?? BUSYBOX_IMAGE;
  await ensureImage(docker, image);
  return docker.createContainer({
    name: spec.name ?? `sidecar-test-${randomBytes(4).toString("hex")}`,
    Image: image,
    Cmd: ["/bin/sh", "-c", spec.script],
    Tty: spec.tty ?? false,
    Labels: { ...spec.labels, [TEST_LABEL]: "1" },
    Env: Object.entries(spec.env ?? {}).map(([name, value]) => `${name}=${value}`),
    // Shells ignore SIGTERM as first process; a test should not wait 10 s for that.
    StopTimeout: 1,
    HostConfig: {
      AutoRemove: spec.autoRemove ?? false,
      Binds: [...(spec.binds ?? [])],
      LogConfig: { Type: spec.logDriver ?? "json-file", Config: { ...spec.logOptions } },
      NetworkMode: spec.network ?? "none",
      RestartPolicy: { Name: spec.restart ?? "no" },
    },
  });
}

/** Makes a container and starts it. */
export async function runContainer(docker: Docker, spec: ContainerSpec): Promise<Docker.Container> {
  const container = await createContainer(docker, spec);
  await container.start();
  return container;
}

/** Runs a container to its end and leaves it there with its log; resolves to the exit status. */
export async function runToEnd(
  docker: Docker,
  spec: ContainerSpec,
): Promise<{ container: Docker.Container; status: number }> {
  const container = await runContainer(docker, spec);
  const ended = await container.wait();
  return { container, status: ended.StatusCode };
}

/** Stops and removes containers; one that is gone already is what was wanted. */
export async function removeContainers(containers: readonly Docker.Container[]): Promise<void> {
  await Promise.all(
    containers.map(async (container) => {
      try {
        await container.remove({ force: true, v: true });
      } catch (error) {
        // 404: gone. 409: the engine is removing it at this moment.
        const status = (error as { statusCode?: number }).statusCode;
        if (status !== 404 && status !== 409) throw error;
      }
    }),
  );
}
