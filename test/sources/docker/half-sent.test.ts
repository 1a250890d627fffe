import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import type { Message } from "../engine-log.js";
import { indentedLines } from "../joiners.js";
import { collect, startEngine } from "./collecting.js";

const WAIT = { timeout: 20_000 };
/** Twice as long as an event may be silent before it is taken to be whole. */
const SILENCE_MS = 1_200;

/** A line of which the engine has stored two pieces; the last has no newline under the `local` driver of engines up to 20.10. */
function pieces(ts: string, end: string): Message[] {
  return ["a".repeat(16_384), `${"b".repeat(5_000)}${end}`].map((text) => ({
    ts,
    stream: 0,
    payload: Buffer.from(text),
  }));
}

describe("a message of which half has come, and then nothing for a while", () => {
  it.each([
    ["local", "in the middle of a chunk"],
    ["json-file", "between two chunks that a proxy has made of one"],
  ])(
    "is not taken for a whole one: the last piece of a terminal's long line, %s, %s",
    async (driver, where) => {
      const engine = await startEngine();
      const app = engine.add("app", { tty: true, driver });
      const { sink } = collect(engine.socket);
      await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
      const [first, last] = pieces(engine.now(), driver === "local" ? "" : "\r\n") as [Message, Message];
      app.log.messages.push(first, last);
      engine.send(app, [first]);
      const sendRest = engine.sendHalf(app, last, where.startsWith("in") ? "chunk" : "chunks");
      await sleep(SILENCE_MS);
      sendRest();
      engine.print(app, ["next"]);
      await vi.waitFor(() => expect(sink.texts().at(-1)).toBe("next"), WAIT);
      expect(sink.texts().map((text) => text.length)).toEqual([16_384 + 5_000, 4]);
      expect(sink.gaps).toEqual([]);
    },
  );

  it("holds the event that it may belong to", async () => {
    const engine = await startEngine();
    const app = engine.add("app");
    const { sink } = collect(engine.socket, { createJoiner: indentedLines });
    await vi.waitFor(() => expect(engine.followers(app)).toBe(1), WAIT);
    engine.print(app, ["Error: no"]);
    const message = { ts: engine.now(), stream: 0 as const, payload: Buffer.from(" at one\n") };
    const sendRest = engine.sendHalf(app, message, "chunks");
    await sleep(SILENCE_MS);
    app.log.messages.push(message);
    sendRest();
    const events = () => sink.batches.flatMap(({ lines }) => lines.map(({ text }) => text));
    await vi.waitFor(() => expect(events()).not.toEqual([]), WAIT);
    expect(events()).toEqual(["Error: no\n at one"]);
  });
});
