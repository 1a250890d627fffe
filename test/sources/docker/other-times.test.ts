import { expect, it, vi } from "vitest";
import { positionSchema, startPosition } from "../../../src/sources/position.js";
import { frame, ttyText } from "../engine-log.js";
import { collect, startEngine } from "./collecting.js";

const WAIT = { timeout: 8_000, interval: 10 };

/** As Podman's API stamps messages, and others may: whole seconds. */
const SECONDS = "2026-11-29T05:11:05Z";

const LONG = `{"n":1,"message":"${"x".repeat(60)}"}`;

it.each([
  ["short lines", false, "hi\n"],
  ["long lines", false, `${LONG}\n`],
  ["short lines of a terminal", true, "hi\r\n"],
  ["long lines of a terminal", true, `${LONG}\r\n`],
])("an engine that stamps %s otherwise is told once; nothing of them is taken", async (_, tty, text) => {
  const engine = await startEngine();
  const odd = engine.add("odd", { tty });
  const app = engine.add("app");
  engine.print(app, ["good"]);
  let asked = 0;
  engine.fault = ({ path, response }) => {
    if (path === "/version") {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        JSON.stringify({ Version: "1.0", Components: [{ Name: "Other Engine", Version: "1.0" }] }),
      );
      return true;
    }
    if (!path.startsWith(`/containers/${odd.id}/logs`)) return false;
    asked += 1;
    const message = { ts: SECONDS, stream: 0 as const, payload: Buffer.from(text) };
    response.writeHead(200);
    response.write(tty ? ttyText(message) : frame(message));
    return true;
  };
  const { sink, telemetry, source } = collect(engine.socket);
  await vi.waitFor(() => expect(sink.texts()).toEqual(["good"]), WAIT);
  await vi.waitFor(() => expect(telemetry.counters.get("containers_unreadable_total")).toBe(1), WAIT);
  expect(sink.batches.filter(({ container }) => container.name === "odd")).toEqual([]);
  expect(source.watching.unreadable.has(odd.id)).toBe(true);
  expect(asked).toBe(1);
});

it("a checkpoint's position with garbage for a time is none", () => {
  const garbage = { ...startPosition(""), anchor: '2026-11-29T05:11:05Z {"n":1,"m', taken: 1 };
  expect(positionSchema.safeParse(garbage).success).toBe(false);
  expect(positionSchema.safeParse({ ...garbage, anchor: "2026-11-29T05:11:05.000000000Z" }).success).toBe(
    true,
  );
});
