// A real browser with the board in it, and what all its tests hold it to.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

// `told`: {url, packages, chromium, width, scheme, headers, shots}.
export async function opened(told) {
  const require = createRequire(join(told.packages, "package.json"));
  const { chromium } = require("playwright-core");
  const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  const folder = mkdtempSync(join(tmpdir(), "board-"));
  const browser = await chromium.launchPersistentContext(folder, {
    executablePath: told.chromium,
    headless: true,
    colorScheme: told.scheme,
    viewport: { width: told.width, height: 900 },
    extraHTTPHeaders: told.headers ?? {},
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
  browser.setDefaultTimeout(15000);
  const page = browser.pages()[0] ?? await browser.newPage();
  const wrong = [];
  const hosts = new Set();
  const calls = [];
  page.on("dialog", dialog => { wrong.push(`a script ran: ${dialog.message()}`); dialog.dismiss(); });
  page.on("pageerror", error => wrong.push(`an error: ${error.message}`));
  page.on("console", line => { if (line.type() === "error" && !line.text().includes("Failed to load resource")) wrong.push(line.text()); });
  page.on("request", request => {
    const { host, pathname } = new URL(request.url());
    hosts.add(host);
    calls.push(pathname);
  });
  const shot = async name => { if (told.shots) await page.screenshot({ path: `${told.shots}/${name}-${told.width}-${told.scheme}.png`, fullPage: !name.includes("dialog") }); };

  // Nobody is kept from it, it fits the screen, and all of it is words.
  async function usable(what) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map(each => `${each.id}: ${each.nodes.map(node => node.target).join(", ")}`), [], `axe-core on ${what}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= told.width, `${what} is ${wide} wide, on a screen of ${told.width}`);
    const text = await page.evaluate(() => document.body.innerText);
    assert.doesNotMatch(text, /\[object |\b(undefined|null|NaN|Invalid Date)\b/, what);
  }

  async function giveKey(key) {
    await page.getByLabel("Key", { exact: true }).waitFor();
    await page.keyboard.type(key); // it has the focus
    await page.keyboard.press("Enter");
  }

  function nothingWrong() {
    assert.deepEqual([...hosts], [new URL(told.url).host], "the page asked another host");
    assert.deepEqual(wrong, []);
  }

  async function closed() {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }

  return { browser, page, calls, shot, usable, giveKey, nothingWrong, closed };
}
