// A pool against its floor: in a sentence, as a drawing, and in numbers. node floor.mjs '{"url", "key", "drain", ...}'

import assert from "node:assert/strict";
import { opened } from "./browser.mjs";

const told = JSON.parse(process.argv[2]);
const { page, shot, usable, giveKey, nothingWrong, closed } = await opened(told);

// By minutes from now: of fourteen hosts ten are kept, and once there were nine.
const PAST = [[-300, 14], [-250, 12], [-120, 10], [-90, 9], [-75, 11], [-20, 10]];
const EXPECTED = [[-3, 10, 10, 10], [25, 11, 10, 12], [110, 12, 11, 14], [170, 14, 13, 14], [200, 14, 14, 14]];

function answer(body, { available, expected, floor = 10, because = "10 must stay" }) {
  const at = minutes => new Date(Date.now() + minutes * 60000).toISOString();
  return {
    ...body, now: { at: at(-0.1), available, hosts: 14, floor, because },
    past: PAST.map(([m, n]) => ({ at: at(m), available: n, hosts: 14, floor })).concat({ at: at(-1), available, hosts: 14, floor }),
    expected: expected.map(([m, n, least, most]) => ({ at: at(m), available: n, least, most })),
    expectedEnd: { ...body.expectedEnd, because: "of a test" },
  };
}

async function shows(change) {
  await page.unroute("**/api/drains/*/availability").catch(() => {});
  await page.route("**/api/drains/*/availability", async route => {
    const { "if-none-match": _, ...headers } = route.request().headers();
    const came = await route.fetch({ headers });
    await route.fulfill({ response: came, headers: { ...came.headers(), etag: `W/"${Math.random()}"` }, json: answer(await came.json(), change) });
  });
  await page.reload();
}

// Two drains of a pool, put together by the page's own script.
const together = drains => page.evaluate(async ([given, now]) =>
  (await import("/api/board/availability.js")).availabilityOf(given, now), [drains, 0]);

const point = (minute, available, floor) => ({ at: new Date(minute * 60000).toISOString(), available, hosts: 8, floor });
const later = (minute, available, least = available, most = available) => ({ at: new Date(minute * 60000).toISOString(), available, least, most });
const drainOf = (status, endedAt, past, expected, because = "") => ({
  status, endedAt, availability: { now: { ...past.at(-1), because: `keeps ${past.at(-1).floor}` }, past, expected, expectedEnd: { because } } });

try {
  await page.goto(`${told.url}/api/board`);
  await giveKey(told.key);
  const pool = page.locator("article.pool").filter({ has: page.locator("h3", { hasText: "hp-finance" }) });
  const drawing = pool.locator("svg");

  await shows({ available: 10, expected: EXPECTED });
  await pool.getByText("10 of 14 hosts take users, the policy keeps 10 (10 must stay).").waitFor();
  const label = await drawing.getAttribute("aria-label");
  assert.match(label, /^Hosts of hp-finance that take users\. 14 at .*, 10 at the latest look\. The policy keeps 10\. Expected: 10 at fewest; 14 at /);
  assert.equal(await drawing.getAttribute("role"), "img");
  for (const kind of ["available", "floor", "expected", "band", "dot", "now"]) assert.equal(await drawing.locator(`.${kind}`).count(), 1, kind);
  const dashes = await drawing.evaluate(svg => ["available", "floor", "expected"].map(kind => getComputedStyle(svg.querySelector(`.${kind}`)).strokeDasharray));
  assert.equal(new Set(dashes).size, 3, `a colour is the only sign: ${dashes}`);
  for (const path of await drawing.locator("path").all()) assert.match(await path.getAttribute("d"), /^(M[\d.]+ [\d.]+([HVZ][\d.]*)+)+$/);
  const wide = await drawing.boundingBox();
  assert.ok(wide.height > 80 && wide.width / wide.height < 3, `it is ${wide.width} by ${wide.height}`);
  await shot("floor");
  await pool.getByText("The same in numbers").press("Enter");
  assert.equal(await pool.locator("tbody tr").count(), PAST.length + EXPECTED.length + 1);
  await pool.getByRole("row", { name: /expected 11 \(10 to 12\)/ }).waitFor();
  await pool.getByRole("row", { name: /9 of 14 10/ }).waitFor();
  await usable("a pool against its floor");

  await shows({ available: 9, expected: [] });
  await pool.getByText("9 of 14 hosts take users, fewer than the 10 that the policy keeps").waitFor();
  assert.equal(await drawing.locator(".floor.short").count(), 1);
  await pool.getByText("How it goes on is not known: of a test.").waitFor();
  assert.equal(await drawing.locator(".expected").count(), 0);
  await usable("a pool below its floor");

  await shows({ available: 10, expected: [], floor: null, because: "the scaling plan is not known yet" });
  await pool.getByText("what the policy keeps is not known yet").waitFor();
  assert.equal(await drawing.locator(".floor").count(), 0);
  await usable("a pool of which the floor is not known");

  const first = drainOf("Running", null, [point(-90, 8, 4), point(-60, 7, 4)], [later(-10, 6), later(30, 7)]);
  const second = drainOf("Running", null, [point(-30, 6, 5), point(-2, 6, 5)], [later(-5, 6), later(10, 7, 6, 7), later(20, 8)]);
  const over = drainOf("Succeeded", new Date(-80 * 60000).toISOString(), [point(-120, 5, 6), point(-100, 8, 7)], []);
  const found = await together([first, second, over]);
  assert.deepEqual([found.available, found.hosts, found.floor, found.because], [6, 8, 5, "keeps 5"]);
  assert.deepEqual(found.past.map(each => [each.at / 60000, each.available, each.floor]),
    [[-120, 5, 6], [-100, 8, 7], [-90, 8, 7], [-80, 8, 4], [-60, 7, 4], [-30, 6, 5], [-2, 6, 5]]);
  assert.deepEqual(found.expected.map(each => [each.at / 60000, each.available, each.least, each.most]),
    [[0, 6, 6, 6], [10, 7, 6, 7], [20, 8, 8, 8], [30, 9, 9, 9]]);
  const late = drainOf("Succeeded", new Date(-200 * 60000).toISOString(), [point(-240, 8, 6)], []);
  assert.deepEqual((await together([first, late])).past.map(each => [each.at / 60000, each.available, each.floor]),
    [[-240, 8, 6], [-200, null, null], [-90, 8, 4], [-60, 7, 4]]); // between the two nobody looked
  const dark = await together([first, drainOf("Running", null, [point(-30, 6, 5)], [], "nobody knows")]);
  assert.deepEqual([dark.expected, dark.unknown], [[], "nobody knows"]);
  const ended = await together([over]);
  assert.deepEqual([ended.floor, ended.overAt / 60000, ended.expected], [null, -80, []]);
  assert.equal(await together([{ ...first, availability: null }]), null);

  nothingWrong();
} finally {
  await closed();
}
