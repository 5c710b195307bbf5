// Pools: how many hosts take users, and each host in a strip.

import { availabilityOf } from "./availability.js";
import { chart } from "./chart.js";
import { button, draw, make } from "./make.js";
import { STATES } from "./model.js";
import { count, short } from "./words.js";

export function showPools(pools, drains, open) {
  const shown = pools.map(pool => [pool, drains.filter(each => each.hostPool.toLowerCase() === pool.id.toLowerCase())]);
  const told = shown.map(([pool, its]) => [pool, its.map(each => [each.status, each.availability])]);
  draw("pools", [Math.floor(Date.now() / 60000), told], () => (pools.length ? shown.map(([pool, its]) => strip(pool, its, open))
    : [make("p", { class: "none" }, "No pool has anything out, and none had a drain lately.")]));
}

function strip(pool, drains, open) {
  const found = availabilityOf(drains);
  const tally = Object.keys(STATES)
    .map(state => [state, pool.hosts.filter(host => host.state === state).length])
    .filter(([, n]) => n)
    .map(([state, n]) => `${n} ${STATES[state][1]}`)
    .join(", ");
  return make("article", { class: "pool" },
    make("h3", {}, pool.name), found && chart(found, pool.name, pool.id), make("p", { class: "soft" }, tally),
    make("ul", { class: "strip" }, pool.hosts.map(host => make("li", {}, chip(pool, host, open)))));
}

function chip(pool, host, open) {
  const [sign, words] = STATES[host.state];
  const left = host.sessions && host.state !== "done" ? `, ${count(host.sessions, "session")}` : "";
  const inside = [
    make("span", { class: "sign", "aria-hidden": "true" }, sign),
    make("span", { class: "host" }, short(host.name)),
    make("span", { class: "state" }, words + left),
  ];
  const props = { class: `chip ${host.state}`, title: [host.name, host.why].filter(Boolean).join(": ") };
  if (!host.drain) return make("span", props, inside);
  return button(inside, `chip ${pool.id} ${host.name}`, () => open(host.drain, host.name), props);
}
