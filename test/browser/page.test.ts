import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { findProgram } from "../../scripts/programs.mjs";
import { storedLine, timeAt, writeLines } from "../reading/volumes.js";
import { requirement } from "../requirements.js";
import { PagedSidecar } from "./sidecar.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = fileURLToPath(new URL("../../.cache/screenshots", import.meta.url));
/** Without them Chromium asks hosts of its maker for news at each start. */
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"];
const QUIETER = ["--disable-background-networking", "--disable-component-update"];
const VIEWS = ["live", "search", "rules", "summary", "training", "storage", "containers"];

const INFERENCE = { component: "onnx_sentiment", event_type: "inference", message: "inference done" };
const HOSTILE = [
  { message: '<img src=x onerror="document.title=1"><script>document.title=1</script>' },
  { message: "\u202e gnp.exe \u0007 behind a bell" },
  { message: `long ${"x".repeat(300_000)} end`, "<b>field</b>": "<i>value</i>" },
];

const TODAY = new Date().toISOString().slice(0, 10);
/** As earlier versions stored it. */
const COLOURED = storedLine({
  ts: timeAt(1, TODAY),
  message: "in \u001b[1;31mred\u001b[0m, \u001b]0;title\u0007 and \u001b[2J",
});

describe.skipIf(requirement("chromium").missing)("the page", () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let sidecar: PagedSidecar;
  const troubles: string[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    const executablePath = findProgram("chromium")!;
    browser = await chromium.launch({ executablePath, args: [...QUIET, ...QUIETER] });
    const logDir = mkdtempSync(join(tmpdir(), "page-"));
    sidecar = await PagedSidecar.start(logDir);
    writeLines(logDir, `raw/old/log_${TODAY}.jsonl`, [COLOURED]);
    for (let n = 0; n < 20; n += 1)
      sidecar.print({ ...INFERENCE, confidence: n / 20, inference_time: 0.1, model_version: "v1" });
    sidecar.print({ event_type: "auth_failure", attempts: 7, user: { name: "mallory" } }, ...HOSTILE);
    await vi.waitFor(() => expect(sidecar.read).toBe(24), { timeout: 20_000, interval: 100 });
  });

  beforeEach(async ({ task }) => {
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    page = await context.newPage();
    troubles.length = 0;
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("request", (request) => asked.push(new URL(request.url()).host));
    return async () => {
      if (task.result?.state === "fail") {
        mkdirSync(SHOTS, { recursive: true });
        await page.screenshot({ path: join(SHOTS, `${task.name.replace(/\W+/g, "-")}.png`) });
      }
      await context.close();
    };
  });

  afterAll(async () => {
    await browser?.close();
    await sidecar?.stop();
  });

  const entries = () => page.locator("li.entry");

  it.each(VIEWS)("shows %s, without a script's error and without a serious hindrance", async (view) => {
    await page.goto(`${sidecar.url}?view=${view}`);
    await page.locator("main section, main p").first().waitFor();
    // The page itself lets no script in.
    await page.evaluate(AXE);
    const serious = await page.evaluate(async () => {
      const { violations } = await (globalThis as never as { axe: Axe }).axe.run();
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id }) => id);
    });
    expect([serious, troubles]).toEqual([[], []]);
  });

  it("shows what apps print as text: no script of theirs runs, nothing is fetched from elsewhere", async () => {
    await page.goto(`${sidecar.url}?view=search&q=-inference+-v1+-2J`);
    await expect.poll(() => entries().count(), { timeout: 20_000 }).toBe(4);
    const texts = await entries().allTextContents();
    expect(texts.join("\n")).toContain('<img src=x onerror="document.title=1">');
    expect(texts.join("\n")).toContain("\ufffd gnp.exe ␇");
    for (let at = 0; at < 4; at += 1) await entries().nth(at).locator("button.line").click();
    await page.getByRole("button", { name: "show all" }).click();
    expect(await page.locator("pre", { hasText: "x end" }).count()).toBe(1);
    expect(await page.getByText("<b>field</b>").count()).toBe(1);
    expect(await page.title()).toBe("log-sidecar");
    expect(new Set(asked)).toEqual(new Set([`localhost:${sidecar.port}`]));
    expect(troubles).toEqual([]);
  });

  it("shows colours, and no other control sequence", async () => {
    await page.goto(`${sidecar.url}?view=search&q=2J`);
    await entries().first().waitFor();
    expect(await page.locator(".sgr-fg1.sgr-bold").textContent()).toBe("red");
    expect(await entries().first().textContent()).toContain("in red, ␛]0;title␇ and ␛[2J");
  });

  it("is used by its keys", async () => {
    await page.goto(sidecar.url);
    await entries().nth(3).waitFor();
    const markedAt = () =>
      page.locator("li.entry.marked").evaluate((li) => [...li.parentElement!.children].indexOf(li));
    await page.keyboard.press("j");
    await expect.poll(markedAt).toBe(0);
    // A key that is held comes again before the page has shown what it did.
    await page.evaluate(
      `for (const key of ["j", "j"]) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }))`,
    );
    await expect.poll(markedAt).toBe(2);
    await page.keyboard.press("Enter");
    await page.locator("li.entry.marked .details").waitFor();
    await page.keyboard.press("k");
    await page.keyboard.press("f");
    await page.getByRole("button", { name: /^follow/ }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("/");
    await page.keyboard.type("mallory");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await page.keyboard.press("2");
    await expect.poll(() => entries().count(), { timeout: 20_000 }).toBe(1);
    expect(new URL(page.url()).search).toBe("?view=search&q=mallory");
  });

  it("filters by a field that is clicked, and a link leads to the record in another window", async () => {
    await page.goto(`${sidecar.url}?view=search&q=mallory`);
    await entries().first().locator("button.line").click();
    await page.getByTitle("only user.name:mallory").click();
    await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("mallory user.name:mallory");
    const link = await page.getByRole("link", { name: "link to this record" }).getAttribute("href");
    const other = await context.newPage();
    await other.goto(new URL(link!, sidecar.url).href);
    await other.locator("li.entry.marked .details", { hasText: "mallory" }).waitFor();
  });

  it("shows the rules' answer, a table's columns over time, and what retention would do", async () => {
    await page.goto(`${sidecar.url}?view=rules`);
    await page.getByRole("button", { name: "explain", exact: true }).click();
    await page.locator(".tree", { hasText: "login-brute-force" }).first().waitFor();
    const inference = page.getByRole("row", { name: /^onnx-inference/ });
    await expect
      .poll(() => inference.textContent())
      .toMatch(/onnx-inference.*202020.*onnx_confidence.*mean 0\.475/);
    await page.goto(`${sidecar.url}?view=containers`);
    await page.getByText("The doctor finds").waitFor();
    await page.goto(`${sidecar.url}?view=summary`);
    await page.getByRole("img", { name: "confidence over time" }).locator("canvas").waitFor();
    expect(await page.getByRole("table", { name: "the last rows" }).getByRole("row").count()).toBe(21);
    await page.goto(`${sidecar.url}?view=storage`);
    await page.getByRole("button", { name: /^retention now/ }).click();
    await page.getByText("Nothing is due.").waitFor();
    await page.goto(`${sidecar.url}?view=search&since=1h`);
    await page
      .getByRole("img", { name: /^records over time by level/ })
      .locator("canvas")
      .waitFor();
    await page.locator("figcaption", { hasText: "info" }).waitFor();
    await page.goto(`${sidecar.url}?view=search&q=mallory`);
    await page.getByRole("img", { name: /^found records/ }).waitFor();
    await expect.poll(() => page.locator("figcaption .muted").allTextContents()).toEqual(["1"]);
  });

  it("has room on a narrow screen, and in the dark", async () => {
    await page.setViewportSize({ width: 360, height: 640 });
    await page.emulateMedia({ colorScheme: "dark" });
    for (const view of VIEWS) {
      await page.goto(`${sidecar.url}?view=${view}`);
      await page.locator("main section, main p").first().waitFor();
      expect([view, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([view, 360]);
    }
    expect(await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")).toBe(
      "rgb(13, 17, 23)",
    );
  });

  it("follows a fast stream, counts what it could not show, and stays usable", async () => {
    await page.goto(`${sidecar.url}?q=burst`);
    await page.getByText("Nothing yet").waitFor();
    // Time that the processor spent on the page's own thread, whatever else the machine does.
    const devtools = await context.newCDPSession(page);
    await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
    const workSeconds = async () => {
      const { metrics } = await devtools.send("Performance.getMetrics");
      return metrics.find(({ name }) => name === "TaskDuration")!.value;
    };
    const before = await workSeconds();
    for (let second = 0; second < 4; second += 1) {
      sidecar.print(...Array.from({ length: 5_000 }, (_, n) => ({ message: `burst ${second * 5_000 + n}` })));
      await page.waitForTimeout(1_000);
    }
    await page.locator("li.entry", { hasText: "burst 19999" }).waitFor({ timeout: 30_000 });
    // News are shown four times a second, each time in less than 200 ms.
    expect((await workSeconds()) - before).toBeLessThan(4 * 4 * 0.2);
    expect(await entries().count()).toBe(500);
    await entries().nth(100).locator("button.line").click();
    await page.locator(".details").waitFor();
    expect(troubles).toEqual([]);
  });

  it("says that the sidecar is away, and goes on by itself without losing its place", async () => {
    const logDir = mkdtempSync(join(tmpdir(), "page-"));
    const first = await PagedSidecar.start(logDir);
    first.print({ message: "before" });
    await page.goto(`${first.url}?q=*`);
    await page.locator("li.entry", { hasText: "before" }).waitFor({ timeout: 20_000 });
    await first.stop();
    await page.getByText("The sidecar does not answer").waitFor();
    const second = await PagedSidecar.start(logDir, { port: first.port });
    try {
      second.print({ message: "after" });
      await page.locator("li.entry", { hasText: "after" }).waitFor({ timeout: 30_000 });
      expect(await page.locator("li.entry", { hasText: "before" }).count()).toBe(1);
    } finally {
      await second.stop();
    }
  });

  it("says what to set where it is asked from outside a container without a token", async () => {
    // Who asks through a proxy is no more on loopback than who asks through a published port.
    await page.setExtraHTTPHeaders({ "x-forwarded-for": "172.18.0.1" });
    await page.goto(sidecar.url);
    const alert = page.getByRole("alert").first();
    await alert.getByText("on loopback only").waitFor();
    expect(await alert.textContent()).toMatch(/SIDECAR_HTTP_TOKEN=.*\.env.*up -d/);
  });

  it("asks for the token where one is needed, and keeps it in this tab", async () => {
    const env = { SIDECAR_HTTP_TOKEN: "a-token-of-this-test" };
    const guarded = await PagedSidecar.start(mkdtempSync(join(tmpdir(), "page-")), { env });
    try {
      guarded.print({ message: "for those who may" });
      await page.goto(guarded.url);
      await page.getByLabel("SIDECAR_HTTP_TOKEN").fill("a-token-of-this-test");
      await page.getByRole("button", { name: "sign in" }).click();
      await page.locator("li.entry", { hasText: "for those who may" }).waitFor({ timeout: 20_000 });
      expect(await page.evaluate("[localStorage.length, sessionStorage.length]")).toEqual([0, 1]);
    } finally {
      await guarded.stop();
    }
  });
});

interface Axe {
  run(): Promise<{ violations: readonly { id: string; impact: string }[] }>;
}
