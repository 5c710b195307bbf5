// The report of a schedule's last run is read; a campaign is paused, goes on, and is canceled.
// node afterwards.mjs '{"url", "key", "schedule", "campaign", ...}'

import { opened } from "./browser.mjs";

const told = JSON.parse(process.argv[2]);
const { page, shot, usable, giveKey, nothingWrong, closed } = await opened(told);

try {
  await page.goto(`${told.url}/api/board`);
  await giveKey(told.key);
  const dialog = page.locator("dialog");
  await page.getByRole("button", { name: `Report of the last run: ${told.schedule}` }).press("Enter");
  await dialog.getByText("1 host done, 0 not.").waitFor();
  await dialog.getByRole("heading", { name: "hp-people: Succeeded" }).waitFor();
  await usable("a report");
  await shot("report-dialog");
  await page.keyboard.press("Escape");

  for (const [order, shows] of [["pause", "resume"], ["resume", "pause"]]) {
    await page.getByRole("button", { name: `${order} the campaign: ${told.campaign}` }).press("Enter");
    await dialog.getByText("Touches 0 users on 1 host, and 1 drain that has not begun.").waitFor();
    await usable(`to ${order} a campaign`);
    await dialog.locator("button[type=submit]").press("Enter");
    await page.getByRole("button", { name: `${shows} the campaign: ${told.campaign}` }).waitFor();
    await dialog.waitFor({ state: "hidden" });
  }
  await page.getByRole("button", { name: `cancel the campaign: ${told.campaign}` }).press("Enter");
  await dialog.getByRole("button", { name: "Cancel the campaign" }).press("Enter");
  await page.getByRole("status").filter({ hasText: "Cancel the campaign: done." }).waitFor();
  nothingWrong();
} finally {
  await closed();
}
