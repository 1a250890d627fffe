import { Writable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { BatchedOutput } from "../../src/cli/batched-output.js";

it("hands small texts on together, as soon as nothing more comes at once", async () => {
  const written: string[] = [];
  const output = new BatchedOutput({ write: (text: string) => written.push(text) });
  void output.write("a\n");
  void output.write("b\n");
  expect(written).toEqual([]);
  await turn();
  expect(written).toEqual(["a\nb\n"]);
  void output.write("c\n");
  await output.flush();
  expect(written.join("")).toBe("a\nb\nc\n");
});

it("waits for a slow reader", async () => {
  const read: string[] = [];
  const slow = new Writable({
    highWaterMark: 10,
    write(chunk, _encoding, done) {
      setTimeout(() => {
        read.push(String(chunk));
        done();
      }, 20);
    },
  });
  const output = new BatchedOutput(slow);
  const waiting = output.write("x".repeat(100_000));
  expect(waiting).toBeInstanceOf(Promise);
  await waiting;
  expect(read.join("")).toHaveLength(100_000);
});

it("has nobody to write to any more where the reader has gone, and does not throw for it", async () => {
  const closed = new Writable({ write: (_chunk, _encoding, done) => done(new Error("EPIPE")) });
  const output = new BatchedOutput(closed);
  await output.write("x".repeat(100_000));
  await turn();
  expect(output.gone).toBe(true);
  expect(output.write("more")).toBeUndefined();
  await output.flush();
});
