import { expect, it } from "vitest";
import { flush } from "../../src/pipeline/flush.js";
import type { Account } from "../../src/pipeline/ledger.js";
import type { StoreStatus } from "../../src/store/store.js";

const account = (read: number) => ({ read, written: read - 1 }) as Account;
const status = (given: Partial<StoreStatus> = {}) =>
  ({ commits: 4, diskFull: false, failing: undefined, ...given }) as StoreStatus;

it("waits for what was read to be with the store, then commits, and tells what that was", async () => {
  const order: string[] = [];
  const ledger = { atCommit: account(3) };
  const intake = { settled: async () => void order.push("settled") };
  const store = {
    status,
    async commit() {
      order.push("commit");
      ledger.atCommit = account(8);
    },
  };
  expect(await flush({ intake, store, ledger })).toMatchObject({ lines: 5, written: 5, commits: 4 });
  expect(order).toEqual(["settled", "commit"]);
});

it("tells that the disk is full instead of waiting for ever", async () => {
  const parts = {
    intake: { settled: () => Promise.resolve() },
    store: {
      status: () => status({ diskFull: true, failing: "writing raw/a: ENOSPC" }),
      commit: () => new Promise<void>(() => undefined),
    },
    ledger: { atCommit: account(1) },
  };
  await expect(flush(parts, 20)).rejects.toMatchObject({
    code: "DISK_FULL",
    detail: expect.stringContaining("ENOSPC"),
  });
});
