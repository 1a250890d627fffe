import { once } from "node:events";
import { type IncomingMessage, request as open } from "node:http";
import { causeText, ERRORS, type ErrorCode, SidecarError } from "../core/errors.js";

/** A running sidecar that answers HTTP. */
export interface Peer {
  readonly host: string;
  readonly port: number;
  /** Which one is meant: an other one refuses to answer. */
  readonly instance: string;
  readonly token: string | undefined;
}

/** Names the sidecar that a request is meant for. */
export const INSTANCE_HEADER = "log-sidecar-instance";

interface Asking {
  readonly body?: object;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What the sidecar answers, as JSON has it.
 * @throws SidecarError the one that the sidecar answers with; SIDECAR_ABSENT where nobody answers
 */
export async function request(
  peer: Peer,
  method: "GET" | "POST",
  path: string,
  asking: Asking = {},
): Promise<unknown> {
  const { body, signal } = asking;
  const text = body === undefined ? "" : JSON.stringify(body);
  const asked = open({
    host: peer.host,
    port: peer.port,
    method,
    path,
    headers: {
      [INSTANCE_HEADER]: peer.instance,
      ...(peer.token === undefined ? {} : { authorization: `Bearer ${peer.token}` }),
      ...(body === undefined
        ? {}
        : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
    },
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    asked.end(text);
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    return answerValue(answer.statusCode ?? 0, await textOf(answer));
  } catch (cause) {
    if (cause instanceof SidecarError || signal?.aborted === true) throw cause;
    throw new SidecarError("SIDECAR_ABSENT", `No sidecar answers at ${peer.host}:${peer.port}`, { cause });
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of answer.setEncoding("utf8")) text += chunk;
  return text;
}

function answerValue(status: number, text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SidecarError("SIDECAR_ABSENT", `What answers with status ${status} is no sidecar`, { cause });
  }
  if (status < 400) return value;
  const { code, message, remedy } = value as { code?: unknown; message?: unknown; remedy?: unknown };
  if (typeof code !== "string" || !(code in ERRORS)) {
    throw new SidecarError(
      "SIDECAR_ABSENT",
      `What answers with status ${status} is no sidecar: ${causeText(text.slice(0, 200))}`,
    );
  }
  throw new SidecarError(code as ErrorCode, String(message), { remedy: String(remedy) });
}
