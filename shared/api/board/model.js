// What follows from what was read: where each host stands, whom it touches, what needs a person.

import { clock, count, keyOf, last, short, span } from "./words.js";

// A sign and words for each state: a colour is never the only sign. The order is that of urgency.
export const STATES = {
  attention: ["!", "needs attention"],
  draining: ["◐", "draining"],
  empty: ["◌", "empty"],
  maintaining: ["⚙", "under maintenance"],
  verifying: ["?", "verifying"],
  restoring: ["↩", "going back"],
  out: ["◑", "out, by another drain"],
  putBack: ["⚑", "put back by the watchdog"],
  elsewhere: ["⊘", "out by someone else"],
  kept: ["▣", "kept drained"],
  queued: ["…", "queued"],
  unwell: ["~", "not available"],
  failed: ["✗", "failed"],
  canceled: ["×", "not now: canceled"],
  skipped: ["–", "left out of it"],
  done: ["✓", "back"],
  available: ["○", "available"],
};
const CLAIMED = { out: "out", keptDrained: "kept", putBackByWatchdog: "putBack" };
export const OUT = new Set(["draining", "empty", "maintaining", "verifying", "restoring"]);
export const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

export const isOver = drain => !["NotStarted", "Running"].includes(drain.status);
export const isOut = host => OUT.has(host.phase);
export const hasEnded = host => ["done", "skipped", "failed", "canceled"].includes(host.phase);
export const usersOn = host => host.sessions ?? host.users.length;
export const usersOf = hosts => hosts.reduce((sum, host) => sum + usersOn(host), 0);
export const namesOn = hosts => hosts.flatMap(host => host.users.map(user => user.user));

export const deadlineOf = drain =>
  drain.hosts.filter(host => host.phase === "draining" && host.deadline).map(host => host.deadline).sort()[0] ?? null;

export const isOld = (drain, age) => isOver(drain) && Date.now() - new Date(drain.endedAt ?? drain.askedAt) > age;
const oldestFirst = drains => [...drains].sort((a, b) => a.askedAt.localeCompare(b.askedAt));

// By host: the latest drain that it is part of. What an earlier one said of it is over.
const newestOf = drains => new Map(oldestFirst(drains).flatMap(drain => drain.hosts.map(host => [keyOf(host.name), drain])));

// Every pool that something is known of, each host with its state. `listed`: pool id to its hosts.
export function poolsOf(drains, claims, listed) {
  const pools = new Map();
  const put = (pool, name, told) => {
    const id = pool.toLowerCase();
    if (!pools.has(id)) pools.set(id, { id: pool, name: last(pool), hosts: new Map() });
    const hosts = pools.get(id).hosts;
    hosts.set(keyOf(name), { name, ...hosts.get(keyOf(name)), ...told });
  };
  for (const [pool, hosts] of listed) {
    for (const { host, allowNewSession, status, sessions } of hosts) {
      const state = allowNewSession === false ? "elsewhere" : status === "Available" ? "available" : "unwell";
      put(pool, host, { state, sessions, closed: allowNewSession === false, why: state === "unwell" ? status : "" });
    }
  }
  for (const claim of claims) {
    put(claim.hostPool, claim.host, { state: CLAIMED[claim.state], drain: claim.drain, why: claim.note ?? "" });
  }
  for (const drain of oldestFirst(drains)) {
    const old = isOld(drain, HOUR);
    for (const host of drain.hosts) {
      const known = pools.get(drain.hostPool.toLowerCase())?.hosts.get(keyOf(host.name));
      if (isOver(drain) && (old || ["out", "putBack"].includes(known?.state)) && !(host.attention && !isOld(drain, DAY))) continue;
      const state = stateOf(host, known);
      const why = host.attention ?? host.waitsFor?.text ?? host.outcome?.text ?? "";
      put(drain.hostPool, host.name, {
        state, why, drain: drain.id, sessions: hasEnded(host) ? known?.sessions : usersOn(host),
      });
    }
  }
  return [...pools.values()]
    .map(pool => ({ ...pool, hosts: [...pool.hosts.values()].sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true })) }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

function stateOf(host, known) {
  if (host.attention) return "attention";
  if (host.phase === "queued") return known?.closed ? "elsewhere" : "queued";
  if (hasEnded(host) && known?.state === "kept") return "kept";
  if (host.phase === "done" && (known?.closed || host.allowNewSessionBefore === false)) return "elsewhere";
  return host.phase;
}

// What a person should look at, the most urgent first: {text, where, drain, host}.
export function attentionOf({ drains, claims, schedules, campaigns, troubles }) {
  const found = troubles.map(text => ({ where: "The board", text }));
  const newest = newestOf(drains);
  for (const drain of drains) {
    const pool = last(drain.hostPool);
    if (drain.trouble && !isOver(drain)) {
      found.push({ where: pool, drain: drain.id, text: `looks at the pool fail since ${clock(drain.trouble.since)}: ${drain.trouble.text}` });
    }
    for (const host of drain.hosts.filter(each => each.attention && newest.get(keyOf(each.name)) === drain && !isOld(drain, DAY))) {
      found.push({ where: `${pool} · ${short(host.name)}`, drain: drain.id, host: host.name, text: host.attention });
    }
  }
  const named = new Set(found.map(each => each.host && keyOf(each.host)));
  for (const claim of claims.filter(each => !named.has(keyOf(each.host)))) {
    const late = claim.state === "out" && claim.restoreBy && new Date(claim.restoreBy) < new Date();
    const text = late ? "should be back, and is not" : claim.state === "putBackByWatchdog" ? "was put back by the watchdog: no drain did it" : "";
    if (text) found.push({ where: `${last(claim.hostPool)} · ${short(claim.host)}`, drain: claim.drain, host: claim.host, text: [text, claim.note].filter(Boolean).join(". ") });
  }
  for (const campaign of campaigns.filter(each => each.stopped && !isOver(each))) {
    found.push({ where: `Campaign ${campaign.reason}`, text: `stopped: ${campaign.stopped}` });
  }
  for (const schedule of schedules) {
    if (schedule.warnings.length) found.push({ where: `Schedule ${schedule.name}`, text: schedule.warnings.join("; ") });
  }
  return found;
}

// The whole in one sentence.
export function headlineOf(drains, attention) {
  const running = drains.filter(drain => !isOver(drain));
  const needs = attention.length ? `${count(attention.length, "thing needs", "things need")} you` : "Nothing needs you";
  if (!running.length) return `${needs}. No drain runs.`;
  const out = running.flatMap(drain => drain.hosts.filter(isOut));
  const next = running.filter(drain => !drain.paused).map(deadlineOf).filter(Boolean).sort()[0];
  const left = next ? new Date(next) - Date.now() : 0;
  const must = !next ? "" : left > 0 ? ` The next must leave within ${span(left)} (${clock(next)}).` : " A deadline has passed.";
  const paused = running.filter(drain => drain.paused).length;
  return `${needs}. ${count(running.length, "drain runs", "drains run")}${paused ? `, ${paused} of them paused` : ""}: ` +
    `${!out.length ? "no host is out" : `${count(out.length, "host is", "hosts are")} out, ${usersOf(out) ? `${count(usersOf(out), "user is", "users are")} still on them` : "nobody is on them"}`}.${must}`;
}
