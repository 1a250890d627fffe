import type { StoredPosition } from "../core/source.js";
import type { Nats } from "../sources/nats/connection.js";
import { readHead } from "../sources/nats/decode.js";
import type { MessageHead } from "../sources/nats/message.js";
import { HEADERS } from "../sources/nats/message.js";
import { readSubject, streamOf, subjectsOfHost } from "../sources/nats/subjects.js";

/** The last message of a container's subject. */
export interface Last extends MessageHead {
  readonly sequence: number;
  readonly name: string;
}

/** Requests for last messages that are under way at once. */
const AT_ONCE = 32;

/**
 * The last message of a subject; undefined where there is none.
 * @throws SidecarError NATS_MESSAGE, NATS_NEWER, or what the client throws
 */
export async function lastOf({ manager }: Nats, stream: string, subject: string): Promise<Last | undefined> {
  const found = await manager.direct.getMessage(stream, { last_by_subj: subject });
  if (found === null) return undefined;
  const header = (name: string) => found.header.get(name);
  const name: unknown = JSON.parse(header(HEADERS.container) || '""');
  return { ...readHead(header), sequence: found.seq, name: String(name) };
}

/** Where all containers of a host stand in the stream, by the engine's id. */
export async function lastOfHost(nats: Nats, prefix: string, host: string): Promise<Map<string, Last>> {
  const stream = streamOf(prefix);
  const { state } = await nats.manager.streams.info(stream, {
    subjects_filter: subjectsOfHost(prefix, host),
  });
  const subjects = Object.keys(state.subjects ?? {});
  const found = new Map<string, Last>();
  for (let at = 0; at < subjects.length; at += AT_ONCE) {
    await Promise.all(
      subjects.slice(at, at + AT_ONCE).map(async (subject) => {
        const last = await lastOf(nats, stream, subject);
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
    [...lasts].map(([id, { name, position, state }]) => [id, { name, position, ended: state !== "open" }]),
  );
}
