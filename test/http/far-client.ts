import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface Asked {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answered {
  readonly status: number;
  /** Of a refusal. */
  readonly code?: string;
  readonly remedy?: string;
}

/** A program in a network namespace of its own, joined to this one by a pair of virtual links, as a container is by a bridge. */
export class FarClient {
  /** This machine's address on the link. */
  readonly serverAddress: string;
  readonly #ownAddress: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    // RFC 2544 keeps 198.18.0.0/15 for tests; each process has four addresses of it, so that runs don't meet.
    const first = ((child.pid ?? 0) % 2 ** 15) * 4;
    const address = (nth: number) => `198.${18 + (first >> 16)}.${(first >> 8) & 255}.${(first & 255) + nth}`;
    [this.serverAddress, this.#ownAddress] = [address(1), address(2)];
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.pipe(process.stderr, { end: false });
  }

  static async start(): Promise<FarClient> {
    const program = fileURLToPath(new URL("../fixtures/far-client.mjs", import.meta.url));
    const client = new FarClient(spawn("unshare", ["--net", process.execPath, program]));
    // Only when it speaks, its namespace is its own.
    await client.#next();
    const { pid } = client.#child;
    const [near, far] = [`lsn${pid}`, `lsf${pid}`];
    execFileSync("ip", ["link", "add", near, "type", "veth", "peer", "name", far, "netns", String(pid)]);
    execFileSync("ip", ["address", "add", `${client.serverAddress}/30`, "dev", near]);
    execFileSync("ip", ["link", "set", near, "up"]);
    client.#tell({ link: far, address: `${client.#ownAddress}/30` });
    await client.#next();
    return client;
  }

  async ask(requests: readonly Asked[]): Promise<readonly Answered[]> {
    this.#tell(requests);
    return (await this.#next()) as readonly Answered[];
  }

  /** The links go with the namespace, and that with its only process. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.stdin.end();
    await exited;
  }

  #tell(value: unknown): void {
    this.#child.stdin.write(`${JSON.stringify(value)}\n`);
  }

  async #next(): Promise<unknown> {
    const line = await this.#lines.next();
    if (line.done === true) throw new Error("the program in the other network namespace ended");
    return JSON.parse(line.value);
  }
}
