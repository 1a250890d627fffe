import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { SidecarError } from "../../core/errors.js";
import type { AddRoutes } from "./route.js";

const OPEN = { config: { access: "open" } } as const;

/** The page's files, and no others. */
const FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  "/": { file: "index.html", type: "text/html; charset=utf-8" },
  "/main.js": { file: "main.js", type: "text/javascript; charset=utf-8" },
  "/main.css": { file: "main.css", type: "text/css; charset=utf-8" },
  "/icon.svg": { file: "icon.svg", type: "image/svg+xml" },
};

/** Beside the bundled program, and as seen from this file in dist/ and in src/. */
const FOLDERS = ["./web/", "../../web/", "../../../dist/web/"].map((path) => new URL(path, import.meta.url));

/** Nothing is loaded from elsewhere, nothing frames it, and what an app printed is never a script. */
const POLICY =
  "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/** `/`: the page. It holds no data itself, so everybody may load it; what it shows it asks for. */
export const addPage: AddRoutes = (server) => {
  for (const [path, { file, type }] of Object.entries(FILES)) {
    let page: { readonly bytes: Buffer; readonly tag: string } | undefined;
    server.get(path, OPEN, async (request, reply) => {
      page ??= read(file);
      reply.header("content-security-policy", POLICY).header("referrer-policy", "no-referrer");
      reply.header("cache-control", "no-cache").header("etag", page.tag).type(type);
      if (request.headers["if-none-match"] === page.tag) return reply.code(304).send();
      return reply.send(page.bytes);
    });
  }
};

function read(file: string): { readonly bytes: Buffer; readonly tag: string } {
  const folder = FOLDERS.find((each) => existsSync(new URL("index.html", each)));
  if (folder === undefined)
    throw new SidecarError("HTTP_FAILED", "This build has no page", {
      remedy: "Build it with `npm run build`.",
    });
  const bytes = readFileSync(new URL(file, folder));
  return { bytes, tag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"` };
}
