import type { Disk, DiskFile } from "../../src/store/disk.js";

/** Content of a file: as programs see it, and as the medium holds it for certain. */
class Inode {
  bytes: Buffer = Buffer.alloc(0);
  durable: Buffer = Buffer.alloc(0);
}

type Tree = Map<string, Inode | "folder">;

/** A change of names; it touches one or two folders and happens whole or not at all. */
interface NameChange {
  readonly folders: readonly string[];
  readonly remove: string | undefined;
  readonly set: readonly [string, Inode | "folder"] | undefined;
}

/** Says which error an operation meets: called before each of them. */
export type Refuse = (operation: string, path: string) => string | undefined;

/**
 * A disk in memory that keeps what was synced and, when the power goes, any part of what was not: contents and names
 * independently of each other, in any order. That is more than real file systems do wrong.
 */
export class MemoryDisk implements Disk {
  readonly #names: Tree;
  readonly #durableNames: Tree;
  #changes: NameChange[];
  #operationsLeft = Number.POSITIVE_INFINITY;
  #onCrash: () => void = () => undefined;
  isCrashed = false;
  refuse: Refuse = () => undefined;
  /** Of two kinds: whether an operation that meets the crash still has its effect. */
  random: () => number;

  constructor(
    random: () => number,
    names: Tree = new Map(),
    durable: Tree = new Map(),
    changes: NameChange[] = [],
  ) {
    this.random = random;
    this.#names = names;
    this.#durableNames = durable;
    this.#changes = changes;
    for (const folder of ["", ".sidecar", ".sidecar/staged", ".sidecar/tmp"]) {
      names.set(folder, "folder");
      durable.set(folder, "folder");
    }
  }

  /** Lets so many operations pass; from then on none returns. Resolves when that has happened. */
  crashAfter(operations: number): Promise<void> {
    this.#operationsLeft = operations;
    return new Promise((resolve) => {
      this.#onCrash = resolve;
    });
  }

  /** The disk as the next process finds it when this one was killed: all it wrote is there. */
  afterKill(): MemoryDisk {
    this.isCrashed = true;
    return new MemoryDisk(this.random, this.#names, this.#durableNames, this.#changes);
  }

  /** The disk as it is after the power was lost. */
  afterPowerLoss(): MemoryDisk {
    this.isCrashed = true;
    for (const change of this.#changes) if (this.random() < 0.5) apply(change, this.#durableNames);
    const left: Tree = new Map();
    for (const [path, node] of this.#durableNames) {
      if (!ancestors(path).every((folder) => this.#durableNames.get(folder) === "folder")) continue;
      if (node !== "folder") {
        node.bytes = this.#whatIsLeftOf(node);
        node.durable = node.bytes;
      }
      left.set(path, node);
    }
    return new MemoryDisk(this.random, left, new Map(left));
  }

  /** All files, by path. */
  files(): Map<string, string> {
    const files = new Map<string, string>();
    for (const [path, node] of this.#names) if (node !== "folder") files.set(path, node.bytes.toString());
    return files;
  }

  /** Puts a durable file there, as if by somebody else. */
  plant(path: string, text: string): void {
    const node = new Inode();
    node.bytes = node.durable = Buffer.from(text);
    for (const tree of [this.#names, this.#durableNames]) {
      for (const folder of ancestors(path)) tree.set(folder, "folder");
      tree.set(path, node);
    }
  }

  absolute(path: string): string {
    return path;
  }

  create(path: string): Promise<DiskFile> {
    return this.#do("create", path, () => {
      if (this.#names.has(path)) throw systemError("EEXIST", path);
      const node = new Inode();
      this.#change({ folders: [parentOf(path)], remove: undefined, set: [path, node] });
      return this.#file(node, path);
    });
  }

  open(path: string): Promise<DiskFile> {
    return this.#do("open", path, () => this.#file(this.#inode(path), path));
  }

  size(path: string): Promise<number | undefined> {
    return this.#do("size", path, () =>
      this.files().has(path) ? this.#inode(path).bytes.length : undefined,
    );
  }

  read(path: string): Promise<string | undefined> {
    return this.#do("read", path, () => this.files().get(path));
  }

  list(folder: string): Promise<string[]> {
    return this.#do("list", folder, () =>
      [...this.#names.keys()]
        .filter((path) => path !== "" && parentOf(path) === folder)
        .map((path) => path.slice(folder.length + 1)),
    );
  }

  makeFolder(path: string): Promise<boolean> {
    return this.#do("makeFolder", path, () => {
      if (this.#names.has(path)) return false;
      this.#change({ folders: [parentOf(path)], remove: undefined, set: [path, "folder"] });
      return true;
    });
  }

  rename(from: string, to: string): Promise<void> {
    return this.#do("rename", from, () => {
      this.#change({ folders: [parentOf(from), parentOf(to)], remove: from, set: [to, this.#inode(from)] });
    });
  }

  remove(path: string): Promise<void> {
    return this.#do("remove", path, () => {
      if (this.#names.has(path)) this.#change({ folders: [parentOf(path)], remove: path, set: undefined });
    });
  }

  syncFolder(path: string): Promise<void> {
    return this.#do("syncFolder", path, () => {
      const isMeant = (change: NameChange) => change.folders.includes(path);
      for (const change of this.#changes.filter(isMeant)) apply(change, this.#durableNames);
      this.#changes = this.#changes.filter((change) => !isMeant(change));
    });
  }

  /** Writes a whole file, for finishers. */
  async writeWhole(path: string, text: string): Promise<void> {
    const file = await this.create(path);
    await file.write([Buffer.from(text)], 0);
    await file.close();
  }

  #file(node: Inode, path: string): DiskFile {
    return {
      write: (pieces, position) =>
        this.#do("write", path, (part) => {
          const bytes = Buffer.concat(pieces);
          const end = position + Math.floor(bytes.length * part);
          const grown = Buffer.alloc(Math.max(end, node.bytes.length));
          node.bytes.copy(grown);
          grown.set(bytes.subarray(0, end - position), position);
          node.bytes = grown;
        }),
      datasync: () =>
        this.#do("datasync", path, () => {
          node.durable = node.bytes;
        }),
      truncate: (length) =>
        this.#do("truncate", path, () => {
          const cut = Buffer.alloc(length);
          node.bytes.copy(cut);
          node.bytes = cut;
        }),
      restrict: () => this.#do("restrict", path, () => undefined),
      stat: () =>
        this.#do("stat", path, () => ({
          size: node.bytes.length,
          place:
            this.#names.get(path) === node
              ? "here"
              : [...this.#names.values()].includes(node)
                ? "elsewhere"
                : "nowhere",
        })),
      close: () => this.#do("close", path, () => undefined),
    };
  }

  /** `work` is told which part of it happens: less than 1 only for an operation that fails or never returns. */
  async #do<T>(operation: string, path: string, work: (part: number) => T): Promise<T> {
    await new Promise(setImmediate);
    if (!this.isCrashed && this.#operationsLeft-- <= 0) {
      if (operation === "write" || this.random() < 0.5) work(this.random());
      this.isCrashed = true;
      this.#onCrash();
    }
    if (this.isCrashed) return new Promise<never>(() => undefined);
    const code = this.refuse(operation, path);
    if (code !== undefined) {
      if (operation === "write") work(this.random());
      if (operation === "datasync") this.#dropUnsynced(path);
      throw systemError(code, path);
    }
    return work(1);
  }

  /** What real systems do after a failed sync: the bytes are given up, and the next sync succeeds without them. */
  #dropUnsynced(path: string): void {
    const node = this.#names.get(path);
    if (node === undefined || node === "folder" || node.durable.length > node.bytes.length) return;
    const left = Buffer.alloc(node.bytes.length);
    node.durable.copy(left);
    node.bytes = left;
  }

  #change(change: NameChange): void {
    for (const folder of change.folders) {
      if (this.#names.get(folder) !== "folder") throw systemError("ENOENT", folder);
    }
    apply(change, this.#names);
    this.#changes.push(change);
  }

  #inode(path: string): Inode {
    const node = this.#names.get(path);
    if (node === undefined || node === "folder") throw systemError("ENOENT", path);
    return node;
  }

  #whatIsLeftOf({ bytes, durable }: Inode): Buffer {
    const choice = this.random();
    if (choice < 0.3) return durable;
    if (choice < 0.6) return bytes;
    // The length may be there without the bytes.
    const left = Buffer.alloc(bytes.length);
    const known = Math.min(durable.length, bytes.length);
    bytes.copy(left, 0, 0, known + Math.floor((bytes.length - known) * this.random()));
    return left;
  }
}

function apply({ remove, set }: NameChange, tree: Tree): void {
  if (remove !== undefined && (set === undefined || tree.get(remove) === set[1])) tree.delete(remove);
  if (set !== undefined) tree.set(set[0], set[1]);
}

function parentOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

function ancestors(path: string): string[] {
  if (path === "") return [];
  const parent = parentOf(path);
  return [...ancestors(parent), parent];
}

export function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: refused, '${path}'`), { code, errno: -1 });
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
