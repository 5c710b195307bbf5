// What somebody on call does, in a real browser. node watch.mjs '{"url", "key", "drain", "width", ...}'
// It ends with 0 if all held.

import assert from "node:assert/strict";
import { opened } from "./browser.mjs";

const told = JSON.parse(process.argv[2]);
const HOSTILE = "<img src=x onerror=alert(1)>";
const { page, calls, shot, usable, giveKey, nothingWrong, closed } = await opened(told);
const known = new Set(); // what the app did not send again
page.on("response", answer => { if (answer.status() === 304) known.add(new URL(answer.url()).pathname); });

async function orderElsewhere(order) {
  const answer = await fetch(`${told.url}/api/drains/${told.drain}/${order}`, {
    method: "POST", headers: { "x-functions-key": told.key, "If-Match": "*" } });
  assert.equal(answer.status, 200);
}

const visible = seen => page.evaluate(hidden => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}, !seen);

async function until(ask) {
  for (let n = 0; n < 100; n++) {
    if (await ask()) return;
    await page.waitForTimeout(50);
  }
  assert.fail(`it never came to this: ${ask}`);
}

// A pool's, a host's and a wait's text cannot be hostile in Azure; they are made so on their way.
const made = { "**/api/drains?*": drain => { drain.hostPool = drain.hostPool.replace("hp-finance", `hp-finance${HOSTILE}`); },
  "**/api/drains/*/hosts?*": host => { host.name += HOSTILE; if (host.waitsFor) host.waitsFor.text += HOSTILE; } };
for (const [address, change] of Object.entries(made)) {
  await page.route(address, async route => {
    if (!told.hostile || route.request().method() !== "GET") return route.continue();
    const { "if-none-match": _, ...headers } = route.request().headers();
    const answer = await route.fetch({ headers });
    if (answer.status() !== 200) return route.fulfill({ response: answer });
    const list = await answer.json();
    list.value.forEach(change);
    return route.fulfill({ response: answer, headers: { ...answer.headers(), etag: 'W/"hostile"' }, json: list });
  });
}

try {
  await page.clock.install();
  await page.goto(`${told.url}/api/board`);
  await page.getByLabel("Key", { exact: true }).waitFor();
  await usable("the question for the key");
  await giveKey(told.key);

  const card = page.locator(`[data-drain="${told.drain}"]`);
  await card.waitFor();
  await page.locator("#headline").filter({ hasText: "still on them" }).waitFor();
  await card.getByText(told.sees).first().waitFor();
  await card.locator(".ends").getByText("When it ends is not known: its maintenance is over when somebody says so").waitFor();
  await card.locator("summary").click();
  const pools = page.locator("article.pool");
  await pools.getByText("1 of 6 hosts take users, the policy keeps 1 (5 of 5 hosts are out: 1 drained by someone else, 4 in this drain).").waitFor();
  await pools.getByText("How it goes on is not known: its maintenance is over when somebody says so").waitFor();
  await shot("board");
  await usable("the board");

  if (told.hostile) {
    const seen = await page.locator("body").innerText();
    for (const text of [`${HOSTILE}@contoso.example`, `hp-finance${HOSTILE}`, told.reason]) assert.ok(seen.includes(text), `${text} is not shown`);
    assert.equal(await page.locator("img").count(), 0);
    for (const address of Object.keys(made)) await page.unroute(address);
    await page.getByRole("button", { name: "Read now" }).click();
    await card.getByRole("heading", { name: /^hp-finance:/ }).waitFor();
  }

  await page.locator(".chip", { hasText: "avd-fin-4" }).getByText("out by someone else").waitFor();
  await page.locator(".chip", { hasText: "avd-fin-0" }).click();
  await page.locator("dialog .history li").first().waitFor();
  await page.locator("dialog .history").getByText("queued → draining").first().waitFor();
  await usable("a host's history");
  await shot("history-dialog");
  await page.keyboard.press("Escape");
  assert.match(await page.evaluate(() => document.activeElement.dataset.key), /avd-fin-0/, "the focus goes back");

  await card.getByRole("button", { name: /^extend/ }).press("Enter");
  const touched = page.locator("dialog .touches");
  assert.match(await touched.innerText(), new RegExp(told.touches));
  await page.getByLabel("By how long").selectOption("PT2H");
  await page.getByLabel("Why").fill(told.why);
  await usable("an order");
  await shot("order-dialog");
  await page.locator("dialog").getByRole("button", { name: "Extend" }).click();
  await page.locator("dialog").waitFor({ state: "hidden" });
  await page.getByRole("status").filter({ hasText: "Extend: done" }).waitFor();
  await shot("after");

  for (const [order, shows] of [["pause", /^resume/], ["resume", /^pause/]]) {
    await card.getByRole("button", { name: new RegExp(`^${order}`) }).click();
    assert.match(await touched.innerText(), /^Touches \d+ users .* on 5 hosts\. /);
    await page.locator("dialog button[type=submit]").click();
    await card.getByRole("button", { name: shows }).waitFor();
    await page.locator("dialog").waitFor({ state: "hidden" });
  }

  await page.getByRole("button", { name: "Run now" }).click();
  await page.locator("dialog").getByText("Touches 0 users on 1 host.").waitFor(); // a dry run told so
  await usable("a run");
  await page.keyboard.press("Escape");

  // Somebody else gives an order between what is read here and what is pressed here.
  await card.getByRole("button", { name: /^cancel/ }).click();
  for (const order of ["pause", "resume"]) await orderElsewhere(order);
  await page.locator("dialog").getByRole("button", { name: "Cancel the drain" }).click();
  await page.locator("dialog").getByText("nothing was done").waitFor();
  await page.locator("dialog").getByRole("button", { name: "Don't" }).click();

  // It reads while it is seen, and only then.
  const read = () => calls.filter(path => path === "/api/claims").length;
  await visible(false);
  const before = read();
  await page.clock.fastForward(60000);
  await page.waitForTimeout(300);
  assert.equal(read(), before, "it reads while nobody sees it");
  await visible(true);
  await until(() => read() === before + 1);
  await until(async () => (await page.clock.fastForward(10000), read() > before + 1));

  await until(async () => (await page.clock.fastForward(10000), known.has("/api/claims") && known.has("/api/events")));

  nothingWrong();
} finally {
  await closed();
}
