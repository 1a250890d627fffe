import { describe, expect, it } from "vitest";
import { Patience } from "../../src/pipeline/patience.js";

describe("patience", () => {
  it("waits for room", async () => {
    let give: () => void = () => undefined;
    const patience = new Patience(() => new Promise((resolve) => (give = resolve)));
    let isThere = false;
    const waiting = patience.wait().then(() => {
      isThere = true;
    });
    await Promise.resolve();
    expect(isThere).toBe(false);
    give();
    await waiting;
    expect(isThere).toBe(true);
  });

  it("ends every wait, also later ones, when there will be no more room", async () => {
    const patience = new Patience(() => new Promise(() => undefined));
    const waiting = patience.wait();
    patience.end();
    await waiting;
    await patience.wait();
  });

  it("hands on what goes wrong", async () => {
    const patience = new Patience(() => Promise.reject(new Error("no disk")));
    await expect(patience.wait()).rejects.toThrow("no disk");
  });
});
