import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type Docker from "dockerode";
import { findProgram } from "../../scripts/programs.mjs";

/** BusyBox with a link for each of its programs: /bin/sh, awk, seq, usleep and the like. */
export const BUSYBOX_IMAGE = "sidecar-test/busybox:1";

/** Node and npm of this machine on top of BusyBox: stands for node:24-slim where no image can be pulled. */
export const NODE_IMAGE = "sidecar-test/node:1";

/** Makes the image out of this machine's own programs, unless the engine has it already. */
export async function ensureImage(docker: Docker, image: string): Promise<void> {
  if (await hasImage(docker, image)) return;
  const root = mkdtempSync(join(tmpdir(), "sidecar-image-"));
  try {
    // mkdtemp makes a folder that only its owner can enter; in the image it is `/`.
    chmodSync(root, 0o755);
    addBusybox(root);
    if (image === NODE_IMAGE) addNode(root);
    await importFolder(docker, root, image);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function hasImage(docker: Docker, image: string): Promise<boolean> {
  const images = await docker.listImages({ filters: { reference: [image] } });
  return images.length > 0;
}

function addBusybox(root: string): void {
  const busybox = findProgram("busybox");
  if (busybox === undefined) throw new Error("busybox is not installed, test images are made of it");
  addProgram(root, busybox, "/bin/busybox");
  for (const name of execFileSync(busybox, ["--list"], { encoding: "utf8" }).trim().split("\n")) {
    if (name !== "busybox") symlinkSync("busybox", join(root, "bin", name));
  }
  // Scripts begin with `#!/usr/bin/env node`.
  mkdirSync(join(root, "usr/bin"), { recursive: true });
  symlinkSync("/bin/busybox", join(root, "usr/bin/env"));
  for (const folder of ["tmp", "var/tmp"]) {
    mkdirSync(join(root, folder), { recursive: true });
    chmodSync(join(root, folder), 0o1777);
  }
  mkdirSync(join(root, "root"));
  mkdirSync(join(root, "etc"), { recursive: true });
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  writeFileSync(join(root, "etc/group"), "root:x:0:\n");
}

function addNode(root: string): void {
  addProgram(root, process.execPath, "/usr/local/bin/node");
  const npmCommand = findProgram("npm");
  if (npmCommand === undefined) throw new Error("npm is not installed, the test image is made of it");
  const npm = dirname(dirname(realpathSync(npmCommand)));
  cpSync(npm, join(root, "usr/local/lib/node_modules/npm"), { recursive: true });
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(root, "usr/local/bin/npm"));
  addNpmSettings(root);
}

/** How this machine reaches its package registry, without anybody's credentials. */
function addNpmSettings(root: string): void {
  const keys = ["registry", "cafile", "proxy", "https-proxy", "noproxy", "strict-ssl"];
  const settings = execFileSync("npm", ["config", "get", ...keys], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const lines = settings.split("\n").filter((line) => !/^[^=]+=(null|)$/.test(line));
  mkdirSync(join(root, "usr/local/etc"), { recursive: true });
  writeFileSync(join(root, "usr/local/etc/npmrc"), lines.join("\n"));
  const authorities = [
    settings.match(/^cafile=(\/.*)$/m)?.[1],
    process.env["NODE_EXTRA_CA_CERTS"],
    "/etc/ssl/certs/ca-certificates.crt",
  ];
  for (const file of new Set(authorities)) {
    if (file !== undefined && existsSync(file)) cpSync(file, join(root, file), { dereference: true });
  }
}

/** Copies a program and the libraries that `ldd` names to the places where the program looks for them. */
function addProgram(root: string, program: string, target: string): void {
  cpSync(program, join(root, target), { dereference: true });
  let libraries = "";
  try {
    libraries = execFileSync("ldd", [program], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    // ldd fails on a static program: there is nothing to copy.
    return;
  }
  for (const [, library = ""] of libraries.matchAll(/(\/\S+) \(0x/g)) {
    cpSync(library, join(root, library), { dereference: true });
  }
}

async function importFolder(docker: Docker, root: string, image: string): Promise<void> {
  const tar = spawn("tar", ["--owner=0", "--group=0", "-C", root, "-c", "."], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const changes = [`ENV PATH=${path}`, 'CMD ["/bin/sh"]'];
  const extra = process.env["NODE_EXTRA_CA_CERTS"];
  if (extra !== undefined) changes.push(`ENV NODE_EXTRA_CA_CERTS=${extra}`);
  // With its tag in it: Podman 4.3 leaves one that stands alone out.
  const progress = await docker.importImage(tar.stdout, { repo: image, changes });
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(progress, (error) => (error === null ? resolve() : reject(error)));
  });
}
