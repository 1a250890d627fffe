import { SidecarError } from "../core/errors.js";
import type { StoredPosition } from "../core/source.js";
import type { Nats } from "../sources/nats/connection.js";
import { handedOut, readHead, readName } from "../sources/nats/decode.js";
import type { MessageHead } from "../sources/nats/message.js";
import { HANDED_OUT, HEADERS } from "../sources/nats/message.js";
import { readSubject, streamOf, subjectsOfHost } from "../sources/nats/subjects.js";

/** The last message of a container's subject. */
export interface Last {
  readonly sequence: number;
  /** Undefined when it is of somebody else, or cannot be read: nobody knows then where the container stands. */
  readonly head: (MessageHead & { readonly name: string }) | undefined;
}

/** Told of a message that is no batch of ours. */
type OnForeign = (subject: string, sequence: number, error: SidecarError) => void;

/** Requests for last messages that are under way at once. */
const AT_ONCE = 32;

/**
 * The last message of a subject; undefined where there is none.
 * @throws what the client throws
 */
export async function lastOf(
  { manager }: Nats,
  { stream, subject, onForeign }: { stream: string; subject: string; onForeign: OnForeign },
): Promise<Last | undefined> {
  const found = await manager.direct.getMessage(stream, { last_by_subj: subject });
  if (found === null) return undefined;
  const { seq: sequence, header: headers } = found;
  try {
    // Once by this request.
    if (headers.values(HANDED_OUT).length > 1) throw handedOut();
    const header = (name: string) => headers.get(name);
    return { sequence, head: { ...readHead(header), name: readName(header(HEADERS.container)) } };
  } catch (error) {
    if (!(error instanceof SidecarError)) throw error;
    onForeign(subject, sequence, error);
    return { sequence, head: undefined };
  }
}

/** Where all containers of a host stand in the stream, by the engine's id. */
export async function lastOfHost(
  nats: Nats,
  { prefix, host, onForeign }: { prefix: string; host: string; onForeign: OnForeign },
): Promise<Map<string, Last>> {
  const stream = streamOf(prefix);
  const { state } = await nats.manager.streams.info(stream, {
    subjects_filter: subjectsOfHost(prefix, host),
  });
  const subjects = Object.keys(state.subjects ?? {});
  const found = new Map<string, Last>();
  for (let at = 0; at < subjects.length; at += AT_ONCE) {
    await Promise.all(
      subjects.slice(at, at + AT_ONCE).map(async (subject) => {
        const last = await lastOf(nats, { stream, subject, onForeign });
        const id = readSubject(prefix, subject)?.containerId;
        if (last !== undefined && id !== undefined) found.set(id, last);
      }),
    );
  }
  return found;
}

/** What a source goes on from. */
export function positionsOf(lasts: ReadonlyMap<string, Last>): Map<string, StoredPosition> {
  return new Map(
    [...lasts].flatMap(([id, { head }]) =>
      head === undefined
        ? []
        : [[id, { name: head.name, position: head.position, ended: head.state !== "open" }]],
    ),
  );
}
