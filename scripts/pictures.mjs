/** `npm run pictures`: docs/pictures/page-light.png and page-dark.png, of the page over the demo apps, in a real browser. */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build, checkNode, installPackages, installSystemPackages, root, say } from "./prepare.mjs";
import { findProgram } from "./programs.mjs";

const PORT = 9651;
const ADDRESS = `http://localhost:${PORT}/`;
/** So long the demo prints before it is looked at. */
const DEMO_MS = 45_000;
const SIZE = { width: 1280, height: 640 };

checkNode();
await installPackages();
await installSystemPackages();
await build();
const { chromium } = await import("playwright-core");
// Traces name files: those of the demo stand in the same folder wherever the project is.
const demo = join(tmpdir(), "demo");
cpSync(`${root}examples/demo`, demo, { recursive: true });
const logDir = mkdtempSync(join(tmpdir(), "pictures-"));
const sidecar = spawn(
  process.execPath,
  [`${root}dist/main.js`, "run", "--log-dir", logDir, "--", process.execPath, join(demo, "run-all.mjs")],
  { stdio: "ignore", env: { ...process.env, SIDECAR_HTTP: String(PORT) } },
);
try {
  say(`the demo prints for ${DEMO_MS / 1000} s`);
  await sleep(DEMO_MS);
  mkdirSync(`${root}docs/pictures`, { recursive: true });
  await take();
} finally {
  sidecar.kill("SIGTERM");
  rmSync(demo, { recursive: true, force: true });
  rmSync(logDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
}

async function take() {
  const browser = await chromium.launch({
    executablePath: findProgram("chromium"),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  for (const colorScheme of ["light", "dark"]) {
    const page = await browser.newPage({ viewport: SIZE, colorScheme });
    await page.goto(`${ADDRESS}?view=search&since=5m&q=level%3A%3E%3Dwarning`);
    await page.locator("li.entry.error", { hasText: "quote" }).locator("button.line").first().click();
    await page.evaluate("scrollTo(0, 0)");
    await page.mouse.move(0, 0);
    await sleep(1_000);
    const path = `docs/pictures/page-${colorScheme}.png`;
    await page.screenshot({ path: root + path });
    say(path);
  }
  await browser.close();
}
