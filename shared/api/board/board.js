// The board: reads every ten seconds while somebody looks at it, and draws what has changed.

import { all, call, giveKey, hasKey, KeyNeeded } from "./api.js";
import { showDrains } from "./drains.js";
import { showHistory } from "./history.js";
import { showAttention, showCampaigns, showClaims, showEvents, showSchedules } from "./lists.js";
import { say } from "./make.js";
import { attentionOf, headlineOf, isOver, poolsOf } from "./model.js";
import { askOrder, askRun } from "./orders.js";
import { showPools } from "./pools.js";
import { exact, last } from "./words.js";

const EVERY = 10000;
const SELDOM = 6; // one look in so many reads what moves slowly, and the control plane's list of hosts
const LATEST = 12;
const MOST_PAGES = 60;

const known = { me: null, drains: new Map(), order: [], claims: [], events: [], schedules: [], campaigns: [], listed: new Map() };
const part = id => document.getElementById(id);
let looks = 0;
let timer = null;
let looking = null;

async function readDrains() {
  const lists = await Promise.all([
    call("drains", { query: { $top: String(LATEST) } }).then(body => body.value),
    all("drains", { query: { status: "Running", $top: "200" } }).then(came => came.items),
    all("drains", { query: { status: "NotStarted", $top: "200" } }).then(came => came.items),
  ]);
  const found = new Map(lists.flat().map(each => [each.id, each]));
  await Promise.all([...found.values()].map(readHosts));
  for (const id of known.drains.keys()) if (!found.has(id)) known.drains.delete(id);
}

// The hosts of a drain, if the list shows it otherwise than before.
async function readHosts(drain) {
  const shown = JSON.stringify(drain);
  if (known.drains.get(drain.id)?.shown === shown) return;
  const { items } = await all("drainHosts", { path: { id: drain.id }, query: { $top: "200" } }, MOST_PAGES);
  known.drains.set(drain.id, { ...drain, hosts: items, shown });
}

async function readPools() {
  const drains = [...known.drains.values()];
  const pools = new Set([...drains.map(drain => drain.hostPool), ...known.claims.map(claim => claim.hostPool)]);
  const failed = [];
  for (const pool of pools) {
    try {
      known.listed.set(pool, (await call("hosts", { query: { hostPool: pool, since: "PT1S" } })).value);
    } catch (error) {
      if (error instanceof KeyNeeded) throw error;
      known.listed.delete(pool);
      failed.push(`${last(pool)}: ${error.message}`);
    }
  }
  if (failed.length) throw new Error(failed.join("; "));
}

async function readMe() {
  known.me = await call("me");
}

// The app decides. What its reader may not do is not offered; until that is known, everything is.
const may = role => !known.me || known.me.may.some(each => each.role === role);
const isEverywhere = () => !known.me || known.me.may.some(each => each.pools === null);

const into = (name, query) => async () => { known[name] = (await call(name, { query })).value; };

async function read() {
  const seldom = looks++ % SELDOM === 0;
  if (seldom) await readMe().catch(error => { if (error instanceof KeyNeeded) throw error; });
  const parts = [
    ["drains", readDrains], ["hosts that are out", into("claims", {})],
    ...(isEverywhere() ? [["events", into("events", { $top: "15" })]] : []),
    ...(seldom ? [["schedules", into("schedules", { $top: "100" })], ["campaigns", into("campaigns", { $top: "5" })], ["the hosts of pools", readPools]] : []),
  ];
  const troubles = [];
  for (const [name, act] of parts) {
    try {
      await act();
    } catch (error) {
      if (error instanceof KeyNeeded) throw error;
      troubles.push(`${name} could not be read: ${error.message}`);
    }
  }
  return troubles;
}

function show(troubles) {
  const drains = [...known.drains.values()]
    .sort((a, b) => isOver(a) - isOver(b) || b.askedAt.localeCompare(a.askedAt));
  const attention = attentionOf({ ...known, drains, troubles });
  say("headline", headlineOf(drains, attention));
  showAttention(attention, showHistory);
  const operates = may("Drain.Operate");
  showDrains(drains, { order: operates && give });
  showPools(poolsOf(drains, known.claims, known.listed), showHistory);
  showClaims(known.claims, showHistory);
  showSchedules(known.schedules, operates && (schedule => askRun(schedule, done)));
  showCampaigns(known.campaigns);
  showEvents(known.events);
  document.title = `${attention.length ? `(${attention.length}) ` : ""}Board · avd-drain`;
  say("read", `Read ${troubles.length ? "in part " : ""}at ${exact()}`);
}

function give(id, order) {
  askOrder(known.drains.get(id), order, done);
}

async function done(text) {
  looks = 0;
  await look();
  say("read", `${text} Read at ${exact()}`);
}

async function look() {
  looking ??= lookOnce().finally(() => { looking = null; });
  await looking;
}

async function lookOnce() {
  clearTimeout(timer);
  try {
    const troubles = await read();
    part("key").hidden = true;
    part("board").hidden = false;
    show(troubles);
  } catch (error) {
    if (error instanceof KeyNeeded) return askKey();
    say("read", `The board failed: ${error.message}`);
  }
  if (!document.hidden) timer = setTimeout(look, EVERY);
}

function askKey() {
  looks = 0;
  say("key-problem", hasKey() ? "That key was not accepted." : "");
  part("board").hidden = true;
  part("key").hidden = false;
  part("key-value").focus();
}

part("key").addEventListener("submit", event => {
  event.preventDefault();
  giveKey(part("key-value").value.trim());
  part("key-value").value = "";
  look();
});
part("again").addEventListener("click", () => { looks = 0; look(); });
document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : look()));
look();
