import { createHash } from "node:crypto";

/** The name that all names share which came after the limit. `safeName` never gives it to any other name. */
export const SHARED_NAME = "_other";

const LIMIT_BYTES = 100;
const HASH_DIGITS = 16;
/** What a changed name keeps of the old one, so that hash and dash still fit. */
const KEPT_BYTES = LIMIT_BYTES - HASH_DIGITS - 1;

/** Letters, digits and a few signs that no shell, file system or terminal takes for anything else. */
const PLAIN = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}._+@-]*$/u;
const NOT_PLAIN = /[^\p{L}\p{M}\p{N}._+@-]+/gu;
const LOOKS_CHANGED = new RegExp(`-[0-9a-f]{${HASH_DIGITS}}$`);

/**
 * A path part for a name that came from a log: never `..`, a slash, a control character or more than 100 bytes.
 * Most names stay as they are. A name that had to be changed ends in a dash and 16 hexadecimal digits of the SHA-256 of its
 * UTF-16 code units, and so does a name that looks as if it had been: two different names never give one folder.
 */
export function safeName(name: string): string {
  return isPlain(name) ? name : hashed(name);
}

/** Between a component and the host that it runs on, in the name of a folder. */
const AT = "@";

/** The name for a component's lines of another host, where these have a folder of their own. */
export function nameAtHost(component: string, host: string): string {
  return `${component}${AT}${host}`;
}

/** Whether a folder may be that of the component, of any host. */
export function mayBeOf(folder: string, component: string): boolean {
  // Of a name that was changed nobody can tell what it was.
  return (
    folder === safeName(component) ||
    folder.startsWith(nameAtHost(component, "")) ||
    LOOKS_CHANGED.test(folder)
  );
}

function hashed(name: string): string {
  const hash = createHash("sha256").update(Buffer.from(name, "utf16le")).digest("hex").slice(0, HASH_DIGITS);
  const readable = name
    .slice(0, KEPT_BYTES)
    .normalize("NFC")
    .replace(NOT_PLAIN, "_")
    .replace(/^[^\p{L}\p{N}_]+/u, "_");
  return `${cutToBytes(readable, KEPT_BYTES) || "_"}-${hash}`;
}

/** For a folder whose name something else bears: no other name is ever given this one. */
export function standIn(folder: string): string {
  const at = folder.lastIndexOf("/") + 1;
  return `${folder.slice(0, at)}${hashed(folder.slice(at))}`;
}

function isPlain(name: string): boolean {
  return (
    PLAIN.test(name) &&
    // Three bytes at most for a UTF-16 code unit: only long names need to be counted.
    (name.length * 3 <= LIMIT_BYTES || Buffer.byteLength(name) <= LIMIT_BYTES) &&
    // Some file systems take composed and decomposed letters for the same.
    name.normalize("NFC") === name &&
    name !== SHARED_NAME &&
    !name.endsWith(".") &&
    // Retention would take the folder's files for compressed ones.
    !name.toLowerCase().endsWith(".gz") &&
    !LOOKS_CHANGED.test(name)
  );
}

/** Cuts between code points, so that no half of a letter is left. */
function cutToBytes(text: string, limitBytes: number): string {
  let bytes = 0;
  let out = "";
  for (const letter of text) {
    bytes += Buffer.byteLength(letter);
    if (bytes > limitBytes) break;
    out += letter;
  }
  return out;
}
