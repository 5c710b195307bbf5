// Pools as strips of hosts.

import { button, draw, make } from "./make.js";
import { STATES } from "./model.js";
import { count, short } from "./words.js";

export function showPools(pools, open) {
  draw("pools", pools, () => (pools.length ? pools.map(pool => strip(pool, open))
    : [make("p", { class: "none" }, "No pool has anything out, and none had a drain lately.")]));
}

function strip(pool, open) {
  const tally = Object.keys(STATES)
    .map(state => [state, pool.hosts.filter(host => host.state === state).length])
    .filter(([, n]) => n)
    .map(([state, n]) => `${n} ${STATES[state][1]}`)
    .join(", ");
  return make("article", { class: "pool" },
    make("h3", {}, pool.name), make("p", { class: "soft" }, tally),
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
