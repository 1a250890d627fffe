import { open } from "node:fs/promises";
import { systemCode } from "./errors.js";

/** Not every file system can sync a folder (CIFS, some FUSE ones); those keep names durable in their own way or not at all. */
const NO_FOLDER_SYNC = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"]);

/** Returns when the names in the folder are on the medium. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } catch (cause) {
    if (!NO_FOLDER_SYNC.has(systemCode(cause) ?? "")) throw cause;
  } finally {
    await handle.close();
  }
}
