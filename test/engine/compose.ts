import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type Docker from "dockerode";
import { findCompose } from "../../scripts/programs.mjs";

const exec = promisify(execFile);
export const repository = fileURLToPath(new URL("../..", import.meta.url));

/** A folder with the compose files of somebody who has put the sidecar beside their own services: the demo apps. */
export class ComposeProject {
  /** ./logs and ./rules of the compose files are in it; `down` removes it. */
  readonly folder: string;
  readonly #docker: Docker;
  readonly #files: readonly string[];
  readonly #env: Readonly<Record<string, string>>;

  /** `files` come on top of the demo's own, by their paths below the repository; `env` is for the variables in them. */
  constructor(docker: Docker, files: readonly string[], env: Readonly<Record<string, string>>) {
    this.#docker = docker;
    this.#env = env;
    this.folder = mkdtempSync("/tmp/lsc-compose-");
    cpSync(join(repository, "examples/demo"), this.folder, { recursive: true });
    keepToItself(join(this.folder, "docker-compose.yml"));
    for (const file of files) cpSync(join(repository, file), join(this.folder, basename(file)));
    this.#files = ["docker-compose.yml", ...files.map((file) => basename(file))];
  }

  get name(): string {
    return basename(this.folder).toLowerCase();
  }

  /** Runs compose with this project's files; resolves to what it printed. */
  async run(...args: readonly string[]): Promise<string> {
    const [program = "", ...first] = findCompose() ?? [];
    const files = this.#files.flatMap((file) => ["-f", file]);
    const { stdout } = await exec(program, [...first, "-p", this.name, ...files, ...args], {
      cwd: this.folder,
      env: { ...process.env, ...this.#env },
    });
    return stdout;
  }

  /** The one container of a service, running or not. */
  async container(service: string): Promise<Docker.Container> {
    const label = [`com.docker.compose.project=${this.name}`, `com.docker.compose.service=${service}`];
    const [found] = await this.#docker.listContainers({ all: true, filters: { label } });
    if (found === undefined) throw new Error(`the service ${service} has no container`);
    return this.#docker.getContainer(found.Id);
  }

  /** Runs a program in a service's container; resolves to its exit status and to what it printed. */
  async exec(service: string, command: readonly string[]): Promise<{ status: number; output: string }> {
    const container = await this.container(service);
    const run = await container.exec({
      Cmd: [...command],
      AttachStdout: true,
      AttachStderr: true,
      Tty: true,
    });
    const stream = await run.start({ Tty: true });
    let output = "";
    for await (const chunk of stream) output += String(chunk);
    const { ExitCode } = await run.inspect();
    return { status: ExitCode ?? -1, output };
  }

  async down(): Promise<void> {
    await this.run("down", "-v", "--timeout", "15");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Sidecars of other tests, perhaps on the same engine, follow whatever asks to be collected; a sidecar's own project need not ask. */
function keepToItself(file: string): void {
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replaceAll('log-sidecar.enable: "true"', 'sidecar-test.demo: "true"'));
}
