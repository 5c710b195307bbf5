// A drain is started from the page, with the keyboard, after a wrong key. node begin.mjs '{"url", "key", "reason", ...}'

import assert from "node:assert/strict";
import { opened } from "./browser.mjs";

const told = JSON.parse(process.argv[2]);
const { page, calls, shot, usable, giveKey, nothingWrong, closed } = await opened(told);
const posts = () => calls.filter(path => path === "/api/drains").length;

try {
  await page.goto(`${told.url}/api/board`);
  await giveKey("not the key");
  await page.getByText("That key was not accepted.").waitFor();
  await usable("a wrong key");
  await giveKey(told.key);
  assert.equal(await page.evaluate(() => localStorage.length), 0, "the key outlives the tab");

  const start = page.getByRole("button", { name: "Start a drain" });
  await start.press("Enter");
  const dialog = page.locator("dialog");
  await dialog.getByLabel("Host pool", { exact: true }).selectOption({ label: "hp-people" });
  await dialog.getByRole("group", { name: "Hosts of hp-people" }).waitFor();
  await usable("what is asked for");
  await shot("start-dialog");
  await dialog.getByLabel("Why").fill(told.reason);
  await dialog.getByLabel("What is done").selectOption("none");
  await dialog.getByRole("button", { name: "Show what it would do" }).press("Enter");
  await dialog.getByRole("alert").getByText("Choose at least one host.").waitFor();
  await dialog.getByRole("checkbox", { name: /^avd-ppl-2,/ }).press("Space");
  await dialog.locator("summary").press("Enter");
  await dialog.getByLabel("Fields as JSON").fill("[1]");
  await dialog.getByRole("button", { name: "Show what it would do" }).press("Enter");
  await dialog.getByRole("alert").getByText("no JSON object").waitFor();
  await dialog.getByLabel("Fields as JSON").fill('{"maxUnavailable": "100%", "deadline": "PT3M", "oops": 1}');
  await dialog.getByRole("button", { name: "Show what it would do" }).press("Enter");
  await dialog.getByRole("alert").getByText("oops").waitFor(); // the app names the fault
  await dialog.getByLabel("Fields as JSON").fill('{"maxUnavailable": "100%"}');
  await dialog.getByRole("button", { name: "Show what it would do" }).press("Enter");
  await dialog.getByText("Touches 0 users on 1 host. Each has 1 hour to leave, then they are waited for.").waitFor();
  await usable("what it would do");
  await shot("plan-dialog");

  await dialog.getByRole("button", { name: "Change it" }).press("Enter");
  assert.equal(await dialog.getByLabel("Why").inputValue(), told.reason, "what was said is still there");
  await dialog.getByLabel("Users must be gone after").selectOption("PT4H");
  await dialog.getByRole("button", { name: "Show what it would do" }).press("Enter");
  await dialog.getByText("Each has 4 hours").waitFor();
  const before = posts();
  await dialog.getByRole("button", { name: "Start it" }).press("Enter");
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("status").filter({ hasText: "The drain of hp-people is started." }).waitFor();
  assert.ok(posts() > before);
  await page.getByRole("heading", { name: `hp-people: ${told.reason}` }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "start", "the focus goes back");
  await usable("the board after it");
  nothingWrong();
} finally {
  await closed();
}
