// What a reader sees whom App Service authentication lets in, or does not. It sends what the platform would send.
// node sign_in.mjs '{"url", "readers": {role: headers}, ...}'

import assert from "node:assert/strict";
import { opened } from "./browser.mjs";

const told = JSON.parse(process.argv[2]);

async function as(headers, act) {
  const board = await opened({ ...told, headers });
  try {
    await act(board);
    board.nothingWrong();
  } finally {
    await board.closed();
  }
}

const orders = page => page.locator("main button:visible").filter({ hasText: /^(Start a drain|Run now|Cancel|Pause|Extend)$/ }).count();

async function readersBoard({ page, usable, shot }, name) {
  await page.goto(`${told.url}/api/board`);
  await page.locator("#headline").filter({ hasText: "drain runs" }).waitFor();
  await page.locator("#who").filter({ hasText: name }).waitFor();
  await page.getByRole("link", { name: "Sign out" }).waitFor();
  await usable(`the board of ${name}`);
  await shot(`as-${name}`);
}

// Nobody yet: no key is asked for, and the way to sign in leads back here.
const asked = async ({ page, usable, calls }) => {
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.ok(!await page.getByLabel("Key", { exact: true }).isVisible());
  assert.equal(await page.getByRole("link", { name: "Sign in with Microsoft" }).getAttribute("href"),
    "/.auth/login/aad?post_login_redirect_uri=/api/board");
  assert.ok(!calls.some(path => path.startsWith("/.auth/")), "nothing that needs the token store is asked");
  await usable("the way to sign in");
};

await as({}, async board => {
  await board.page.goto(`${told.url}/api/board`);
  await asked(board);
});

// The same where the platform redirects instead: nobody is followed elsewhere.
await as({}, async board => {
  await board.page.route("**/api/me", route => route.fulfill({ status: 302, headers: { location: "https://login.example/" } }));
  await board.page.goto(`${told.url}/api/board`);
  await asked(board);
});

await as(told.readers.none, async ({ page, usable }) => {
  await page.goto(`${told.url}/api/board`);
  await page.getByRole("heading", { name: "You have no role here" }).waitFor();
  await usable("what is said to who has no role");
});

// Whom the platform does not let in, the app never sees.
await as(told.readers.read, async ({ page }) => {
  await page.route("**/api/me", route => route.fulfill({ status: 403, contentType: "text/plain", body: "" }));
  await page.goto(`${told.url}/api/board`);
  await page.getByRole("heading", { name: "You have no role here" }).waitFor();
});

await as(told.readers.read, async board => {
  await readersBoard(board, "reader@contoso.example");
  assert.equal(await orders(board.page), 0, "a reader is offered what they may not do");
});

await as(told.readers.operate, async board => {
  await readersBoard(board, "operator@contoso.example");
  assert.equal(await orders(board.page), 4); // start; extend, pause, cancel of the drain that runs
  // The session ends while the page is open.
  await board.browser.setExtraHTTPHeaders({});
  await board.page.getByRole("button", { name: "Read now" }).click();
  await asked(board);
});
