import type { MessageSink } from "../messages.js";
import type { EngineAddress } from "./engine.js";
import { FrameCutter } from "./frames.js";
import { readLogStream } from "./log-stream.js";
import { TtyCutter } from "./tty.js";

interface ProbeOptions {
  readonly address: EngineAddress;
  readonly id: string;
  readonly tty: boolean;
  readonly signal: AbortSignal;
}

/** Engine time of the last message that the engine holds of a container; undefined when it holds none. */
export async function lastMessageTime({
  address,
  id,
  tty,
  signal,
}: ProbeOptions): Promise<string | undefined> {
  let last: string | undefined;
  const sink: MessageSink = {
    message(ts) {
      last = ts;
    },
  };
  const cutter = tty ? new TtyCutter(sink) : new FrameCutter(sink);
  const body = {
    span: (buffer: Buffer, start: number, end: number) => cutter.push(buffer, start, end),
    read: () => {
      cutter.flush();
      return undefined;
    },
  };
  await readLogStream(address, id, { follow: false, tail: 1 }, body, signal);
  cutter.end();
  return last;
}
