import { readFileSync } from "node:fs";
import { z } from "zod";
import { causeText, SidecarError } from "../core/errors.js";

/** Where HTTP is listened for. `host` without the brackets of IPv6. */
export interface HttpAddress {
  readonly host: string;
  readonly port: number;
}

/** Where HTTP answers when nothing else is said. */
export const DEFAULT_HTTP: HttpAddress = { host: "127.0.0.1", port: 9600 };

const EXPECTED = "expected an address such as 127.0.0.1:9600 or [::1]:9600, a port, or off";

/** `off`, a port on this machine alone, or an address and a port. */
export const httpAddress = z
  .union([z.string(), z.number()], { error: EXPECTED })
  .transform((value, context): HttpAddress | "off" => {
    const text = String(value).trim();
    if (text === "off") return "off";
    const [, bracketed, plain, digits] =
      /^(?:(?:\[([0-9a-f:.]+)\]|([^\s:/[\]]+)):)?(\d{1,5})$/i.exec(text) ?? [];
    const port = Number(digits ?? Number.NaN);
    if (port <= 65_535) return { host: bracketed ?? plain ?? DEFAULT_HTTP.host, port };
    context.addIssue({ code: "custom", message: EXPECTED });
    return z.NEVER;
  });

/** A shorter token can be guessed. What stands in a header must be of ASCII. */
const TOKEN = /^[\x21-\x7e]{16,512}$/;
const TOKEN_EXPECTED =
  "expected 16 to 512 letters, digits and signs without spaces, such as `openssl rand -hex 24` prints";

export const httpToken = z.string().regex(TOKEN, TOKEN_EXPECTED);

/** Host names, separated by commas, in small letters. */
export const httpHosts = z
  .string()
  .transform((text) =>
    text
      .split(",")
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== ""),
  )
  .refine(
    (names) => names.every((name) => /^[a-z0-9._-]+$/.test(name)),
    "expected host names separated by commas",
  );

interface TokenSettings {
  readonly httpToken?: string | undefined;
  readonly httpTokenFile?: string | undefined;
}

/**
 * The token that requests must show; undefined where none is set.
 * @throws SidecarError SETTINGS_INVALID when its file cannot be used
 */
export function readHttpToken({ httpToken: token, httpTokenFile: file }: TokenSettings): string | undefined {
  if (file === undefined) return token;
  if (token !== undefined) throw refused("is given beside SIDECAR_HTTP_TOKEN: one of the two is enough");
  let content: string;
  try {
    content = readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw refused(`cannot be read: ${causeText(cause)}`);
  }
  if (!TOKEN.test(content)) throw refused(`holds no token: ${TOKEN_EXPECTED}`);
  return content;
}

function refused(why: string): SidecarError {
  return new SidecarError("SETTINGS_INVALID", `SIDECAR_HTTP_TOKEN_FILE ${why}`);
}
