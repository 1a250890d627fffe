import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Stands between sidecar and engine, as a socket proxy does, and cuts connections. */
export class CuttingProxy {
  readonly host: string;
  readonly #folder: string;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(folder: string, server: Server) {
    this.#folder = folder;
    this.#server = server;
    this.host = `unix://${join(folder, "proxy.sock")}`;
  }

  /** `quietMs`: connections on which nothing came for so long are cut; 0 for never. */
  static async start(enginePath: string, quietMs: number): Promise<CuttingProxy> {
    const folder = await mkdtemp(join(tmpdir(), "proxy-"));
    const server = createServer();
    const proxy = new CuttingProxy(folder, server);
    server.on("connection", (client) => proxy.#join(client, connect(enginePath), quietMs));
    await new Promise<void>((resolve) => server.listen(join(folder, "proxy.sock"), resolve));
    return proxy;
  }

  /** Ends every connection in whatever it is saying. */
  cutAll(): number {
    const { size } = this.#open;
    for (const socket of this.#open) socket.destroy();
    return size;
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true, force: true });
  }

  #join(client: Socket, engine: Socket, quietMs: number): void {
    this.#open.add(client);
    const end = () => {
      this.#open.delete(client);
      client.destroy();
      engine.destroy();
    };
    for (const socket of [client, engine]) socket.on("error", end).on("close", end);
    if (quietMs > 0) engine.setTimeout(quietMs, end);
    client.pipe(engine);
    engine.pipe(client);
  }
}
