import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NameLimit } from "../../src/core/name-limit.js";
import { safeName } from "../../src/core/names.js";

describe("NameLimit", () => {
  it("gives names beyond the limit the shared one, and says so once a name", () => {
    const folded: string[] = [];
    const names = new NameLimit({ limit: 2, known: [], onFold: (name) => folded.push(name) });
    expect(["a", "b", "c", "a", "d", "c", "b"].map((name) => names.place(name))).toEqual([
      "a",
      "b",
      "_other",
      "a",
      "_other",
      "_other",
      "b",
    ]);
    expect(folded).toEqual(["c", "d"]);
  });

  it("counts what is on the disk already, and gives it back to its names", () => {
    const names = new NameLimit({
      limit: 2,
      known: ["a", safeName("b/c"), "_other"],
      onFold: () => undefined,
    });
    expect(names.place("new")).toBe("_other");
    expect(names.place("a")).toBe("a");
    expect(names.place("b/c")).toBe(safeName("b/c"));
  });

  it("lets certain names in beyond the limit, also when an app said them before", () => {
    const names = new NameLimit({ limit: 1, known: ["junk"], onFold: () => undefined });
    expect(names.place("api")).toBe("_other");
    expect([
      names.place("api", { isCertain: true }),
      names.place("api"),
      names.place("web", { isCertain: true }),
    ]).toEqual(["api", "api", "web"]);
    expect(names.place("more")).toBe("_other");
  });

  it("leaves a part of the limit to those that had few, and says who had too many", () => {
    const folded: (string | undefined)[][] = [];
    const names = new NameLimit({ limit: 20, known: [], onFold: (...each) => folded.push(each) });
    const place = (name: string, container: string) => names.place(name, { container });
    const made = Array.from({ length: 30 }, (_, at) => place(`made-up-${at}`, "junk"));
    expect(made.filter((part) => part !== "_other")).toHaveLength(16);
    expect(folded).toContainEqual(["made-up-16", "junk"]);
    expect([place("billing", "shop"), place("stock", "shop"), place("more", "shop")]).toEqual([
      "billing",
      "stock",
      "_other",
    ]);
    // A name that one container may not make is another's to make.
    expect([place("made-up-20", "shop-2"), place("made-up-20", "junk")]).toEqual([
      "made-up-20",
      "made-up-20",
    ]);
    expect(folded.filter(([, container]) => container === "junk")).toHaveLength(14);
  });

  it("does not let a name `_other` into the shared folder", () => {
    const names = new NameLimit({ limit: 5, known: [], onFold: () => undefined });
    expect(names.place("_other")).not.toBe("_other");
  });

  it("never gives more folders than the limit and one, whatever comes", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "binary", maxLength: 12 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        (all, limit) => {
          const names = new NameLimit({ limit, known: [], onFold: () => undefined });
          const parts = new Set(all.map((name) => names.place(name)));
          parts.delete("_other");
          expect(parts.size).toBeLessThanOrEqual(limit);
        },
      ),
    );
  });

  it("frees the names whose folders are empty, and a container's share with them", async () => {
    const names = new NameLimit({ limit: 5, known: ["old"], onFold: () => undefined });
    const by = (container: string, ...all: string[]) => all.map((name) => names.place(name, { container }));
    expect(by("junk", "a", "b", "c", "d")).toEqual(["a", "b", "c", "_other"]);
    expect(by("shop", "s", "real")).toEqual(["s", "_other"]);
    await names.keep(async () => []);
    // Their files may not have been there yet.
    expect([names.size, names.has("a"), names.has("old")]).toEqual([4, true, false]);
    await names.keep(async () => {
      names.place("late");
      return ["b", "_other"];
    });
    expect(["a", "b", "s", "late"].filter((name) => names.has(name))).toEqual(["b", "late"]);
    expect([...by("shop", "real"), ...by("junk", "a", "d", "e")]).toEqual(["real", "a", "_other", "_other"]);
  });

  it("keeps all names when the folders can't be read", async () => {
    const names = new NameLimit({ limit: 2, known: ["old"], onFold: () => undefined });
    names.place("young");
    await expect(names.keep(() => Promise.reject(new Error("EIO")))).rejects.toThrow("EIO");
    await names.keep(async () => []);
    expect([names.has("old"), names.has("young")]).toEqual([false, true]);
  });
});
