import { JetStreamApiError } from "@nats-io/jetstream";
import { errors, nkeys } from "@nats-io/transport-node";
import { type ErrorCode, SidecarError } from "../../core/errors.js";

/** Numbers that a JetStream server gives to what went wrong (nats-server: server/errors.json). */
const API = {
  wrongLastSequence: 10_071,
  streamNotFound: 10_059,
  maximumBytes: 10_077,
  insufficientResources: 10_023,
  storageExceeded: 10_047,
  maximumMessages: 10_075,
} as const;

const FULL: readonly number[] = [
  API.maximumBytes,
  API.insufficientResources,
  API.storageExceeded,
  API.maximumMessages,
];

/** The subject's last message is another one than was expected. */
export function isWrongSequence(cause: unknown): boolean {
  return cause instanceof JetStreamApiError && cause.code === API.wrongLastSequence;
}

export function isStreamAbsent(cause: JetStreamApiError): boolean {
  return cause.code === API.streamNotFound;
}

/** Nothing is known of what became of the request. */
export function isUnclear(cause: unknown): boolean {
  return !(cause instanceof JetStreamApiError);
}

/** A file that the settings name holds no key, or no credentials. */
function isBadKey(cause: unknown): boolean {
  return (
    cause instanceof Error && (cause instanceof nkeys.NKeysError || /parse credentials/.test(cause.message))
  );
}

/** What the client threw, under the code that says what mends it. */
export function natsError(servers: readonly string[], cause: unknown): SidecarError {
  if (cause instanceof SidecarError) return cause;
  if (isBadKey(cause)) {
    const detail = "the file of SIDECAR_NATS_NKEY_FILE or SIDECAR_NATS_CREDS_FILE cannot be used";
    return new SidecarError("SETTINGS_INVALID", detail, { cause });
  }
  return new SidecarError(codeOf(cause), `NATS at ${servers.join(", ")}`, { cause });
}

function codeOf(cause: unknown): ErrorCode {
  if (cause instanceof JetStreamApiError) {
    if (FULL.includes(cause.code)) return "NATS_FULL";
    return "NATS_STREAM";
  }
  if (cause instanceof errors.AuthorizationError || cause instanceof errors.PermissionViolationError)
    return "NATS_FORBIDDEN";
  if (cause instanceof errors.UserAuthenticationExpiredError) return "NATS_FORBIDDEN";
  if (isTls(cause)) return "NATS_TLS";
  return isUnheard(cause) ? "NATS_STREAM" : "NATS_ABSENT";
}

/** What node:tls and OpenSSL say, and the client where one side wants TLS and the other does not. */
function isTls(cause: unknown): boolean {
  const { code, message, cause: within } = cause as { code?: unknown; message?: unknown; cause?: unknown };
  if (typeof message === "string" && /'tls'|SSL routines|certificate/i.test(message)) return true;
  if (typeof code === "string" && /^ERR_(TLS|SSL|OSSL)_|CERT|SIGNATURE/.test(code)) return true;
  return within instanceof Error && isTls(within);
}

/** A server without JetStream, or without a stream for the subject: nobody listens there. */
function isUnheard(cause: unknown): boolean {
  if (cause instanceof errors.NoRespondersError) return true;
  if (cause instanceof errors.RequestError) return cause.isNoResponders();
  const { name, code } = cause as { name?: unknown; code?: unknown };
  return name === "JetStreamNotEnabled" || (name === "JetStreamStatusError" && code === 503);
}
