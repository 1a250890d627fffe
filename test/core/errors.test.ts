import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { causeText, ERRORS, type ErrorCode, SidecarError, systemCode } from "../../src/core/errors.js";

const page = await readFile(fileURLToPath(new URL("../../docs/ERRORS.md", import.meta.url)), "utf8");

/** Rows of the page's table: code, summary, remedy, again, exit status. */
const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (.+) \| (.+) \| (yes|no) \| (\d+) \|$/gm)].map((row) =>
  row.slice(1),
);

describe("docs/ERRORS.md", () => {
  it("has the errors of the table, word for word, in its order, and no others", () => {
    expect(rows).toEqual(
      Object.entries(ERRORS).map(([code, { summary, remedy, retry, exit }]) => [
        code,
        summary,
        remedy,
        retry ? "yes" : "no",
        String(exit),
      ]),
    );
  });

  it("speaks of no code that is not in the table", () => {
    const named = [...page.matchAll(/\b([A-Z]+_[A-Z_]+)\b/g)].map(([, code]) => code);
    const others = named.filter((code) => !(code! in ERRORS) && !/^(SIDECAR|DOCKER)_/.test(code!));
    expect(others).toEqual([]);
  });
});

describe("an error", () => {
  it("says what failed, why, its code and what to do, in this order", () => {
    const cause = new Error("connect ENOENT /s");
    const { message, retry, exit } = new SidecarError("ENGINE_ABSENT", "no engine at /s", { cause });
    expect(message).toBe(`no engine at /s: connect ENOENT /s [ENGINE_ABSENT] ${ERRORS.ENGINE_ABSENT.remedy}`);
    expect({ retry, exit }).toEqual({ retry: true, exit: 1 });
  });

  it("puts code and remedy on a line of their own behind a list of problems", () => {
    const { message } = new SidecarError("SETTINGS_INVALID", "2 settings are wrong:\n  a\n  b\n");
    expect(message).toBe(
      `2 settings are wrong:\n  a\n  b\n[SETTINGS_INVALID] ${ERRORS.SETTINGS_INVALID.remedy}`,
    );
  });

  it("takes a remedy that knows more than the table", () => {
    const error = new SidecarError("LOG_DIR_UNWRITABLE", "/x", { remedy: "Run: chown 1 /x" });
    expect(error.message).toBe("/x [LOG_DIR_UNWRITABLE] Run: chown 1 /x");
    expect(error.remedy).toBe("Run: chown 1 /x");
  });

  it.each(Object.keys(ERRORS) as ErrorCode[])("%s ends its sentences", (code) => {
    expect(ERRORS[code].summary).toMatch(/^[A-Z].*\.$/);
    expect(ERRORS[code].remedy).toMatch(/^[A-Z].*\.$/);
  });
});

it("reads the text and the system's code of whatever was thrown", () => {
  expect(causeText(new Error("a"))).toBe("a");
  expect(causeText("b")).toBe("b");
  expect(systemCode(Object.assign(new Error("a"), { code: "ENOSPC" }))).toBe("ENOSPC");
  expect(systemCode(Object.assign(new Error("a"), { code: 7 }))).toBeUndefined();
  expect(systemCode(undefined)).toBeUndefined();
});
