// The board: reads every ten seconds while somebody looks at it, and draws what has changed.

import { all, call, giveKey, hasKey, KeyNeeded, SIGNS_IN } from "./api.js";
import { showDrains } from "./drains.js";
import { showHistory } from "./history.js";
import { showAttention, showCampaigns, showClaims, showEvents, showSchedules } from "./lists.js";
import { make, say } from "./make.js";
import { attentionOf, headlineOf, HOUR, isOld, isOver, poolsOf } from "./model.js";
import { askCampaign, askOrder, askRun } from "./orders.js";
import { showPools } from "./pools.js";
import { showReport } from "./report.js";
import { askStart } from "./start.js";
import { exact, last } from "./words.js";

const EVERY = 10000;
const SOON = 3000; // after an order, for a while
const HURRY = 3;
const SELDOM = 6; // one look in so many reads what moves slowly, and the control plane's list of hosts
const LATEST = 12;
const MOST_PAGES = 60;

const known = { me: null, drains: new Map(), order: [], claims: [], events: [], schedules: [], campaigns: [], listed: new Map() };
const part = id => document.getElementById(id);
const SCREENS = ["key", "sign-in", "no-role", "board"];
let looks = 0;
let timer = null;
let hurry = 0;
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

// The hosts of a drain, and how its pool stands, if the list shows it otherwise than before.
async function readHosts(drain) {
  const shown = JSON.stringify(drain);
  if (known.drains.get(drain.id)?.shown === shown) return;
  const path = { id: drain.id };
  const [{ items }, availability] = await Promise.all([
    all("drainHosts", { path, query: { $top: "200" } }, MOST_PAGES), isOld(drain, HOUR) ? null : call("availability", { path }),
  ]);
  known.drains.set(drain.id, { ...drain, hosts: items, availability, shown });
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

// Nobody whom the app lets in is refused here: a 403 is the platform's, which does not know them.
async function readMe() {
  try {
    known.me = await call("me");
  } catch (error) {
    if (error instanceof KeyNeeded) throw error;
    if (error.status === 403) known.me = { name: "", may: [] };
  }
}

// The app decides. What its reader may not do is not offered; until that is known, everything is.
const may = role => !known.me || known.me.may.some(each => each.role === role);
const isEverywhere = () => !known.me || known.me.may.some(each => each.pools === null);

const into = (name, query) => async () => { known[name] = (await call(name, { query })).value; };

async function read() {
  const seldom = looks++ % SELDOM === 0;
  if (seldom) await readMe();
  if (known.me?.may.length === 0) {
    looks = 0; // a role may be given meanwhile
    return [];
  }
  const parts = [
    ["drains", readDrains], ["hosts that are out", into("claims", {})],
    ...(isEverywhere() ? [["events", into("events", { $top: "15" })]] : []),
    ...(seldom || hurry > 0 ? [["schedules", into("schedules", { $top: "100" })], ["campaigns", into("campaigns", { $top: "5" })]] : []),
    ...(seldom ? [["the hosts of pools", readPools]] : []),
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
  showPools(poolsOf(drains, known.claims, known.listed), drains.filter(each => !isOld(each, HOUR)), showHistory);
  showClaims(known.claims, showHistory);
  part("start").hidden = !operates;
  showSchedules(known.schedules, { run: operates && (schedule => askRun(schedule, done)), report: showReport });
  showCampaigns(known.campaigns, operates && ((campaign, order) => askCampaign(campaign, order, known.drains, done)));
  showEvents(known.events);
  document.title = `${attention.length ? `(${attention.length}) ` : ""}Board · avd-drain`;
  say("read", `Read ${troubles.length ? "in part " : ""}at ${exact()}`);
}

// One of the screens; the focus goes to what is new on it.
function screen(name) {
  const before = SCREENS.find(each => !part(each).hidden);
  for (const each of SCREENS) part(each).hidden = each !== name;
  if (before === name || name === "board") return;
  (name === "key" ? part("key-value") : part(`${name}-title`)).focus();
}

function showWho() {
  part("who").hidden = !known.me;
  if (!known.me || part("who").dataset.name === known.me.name) return;
  part("who").dataset.name = known.me.name;
  part("who").replaceChildren(known.me.name, ...(SIGNS_IN === "entra"
    ? [" · ", make("a", { href: "/.auth/logout?post_logout_redirect_uri=/api/board" }, "Sign out")] : []));
}

function poolsKnown() {
  const asked = known.schedules.flatMap(each => [each.request, ...(each.request.waves ?? []).flatMap(wave => wave.drains)]);
  const ids = [...known.drains.values(), ...known.claims, ...asked].map(each => each.hostPool).filter(Boolean);
  return [...new Map(ids.map(id => [id.toLowerCase(), id])).values()].sort();
}

function give(id, order) {
  askOrder(known.drains.get(id), order, done);
}

// After an order: what is shown must be from after it, or the next order would go to a version that is gone.
async function done(text) {
  await looking;
  looks = 0;
  hurry = HURRY;
  await look();
  say("done", text);
}

async function look() {
  looking ??= lookOnce().finally(() => { looking = null; });
  await looking;
}

async function lookOnce() {
  clearTimeout(timer);
  try {
    const troubles = await read();
    showWho();
    screen(known.me?.may.length === 0 ? "no-role" : "board");
    if (!part("board").hidden) show(troubles);
  } catch (error) {
    if (error instanceof KeyNeeded) return askKey();
    say("read", `The board failed: ${error.message}`);
  }
  if (!document.hidden) timer = setTimeout(look, hurry-- > 0 ? SOON : EVERY);
}

function askKey() {
  say("done", "");
  looks = 0;
  known.me = null;
  showWho();
  say("read", "");
  say("key-problem", hasKey() ? "That key was not accepted." : "");
  screen(SIGNS_IN === "entra" ? "sign-in" : "key");
}

part("key").addEventListener("submit", event => {
  event.preventDefault();
  giveKey(part("key-value").value.trim());
  part("key-value").value = "";
  look();
});
part("start").addEventListener("click", () => askStart(poolsKnown(), done));
part("again").addEventListener("click", () => { looks = 0; look(); });
document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : look()));
look();
