// How many hosts of a pool take users, against what its policy keeps: in a sentence, as a drawing, and in numbers.

import { make } from "./make.js";
import { clock, tick } from "./words.js";

const NAMESPACE = document.getElementById("drawing").namespaceURI;
const WIDTH = 340;
const HEIGHT = 128;
const RIGHT = WIDTH - 8;
const TOP = 12;
const BOTTOM = HEIGHT - 22;
const LEAST = 60000;
const LABEL = 48; // as wide as a time
const UNDER = 3; // so that one line is seen beside the other where they meet

// `found`: as availabilityOf answers it. `key`: tells the pool from others.
export function chart(found, name, key) {
  const drawable = found.expected.length || found.seenAt - (found.past[0]?.at ?? found.seenAt) >= LEAST;
  return [
    sentence(found),
    drawable ? make("figure", { class: "chart" }, drawing(found, name), legend(found)) : null,
    found.unknown && make("p", { class: "soft" }, `How it goes on is not known: ${found.unknown}.`),
    drawable ? make("details", { "data-key": `numbers ${key}` },
      make("summary", { "data-key": `numbers summary ${key}` }, "The same in numbers"), numbers(found)) : null,
  ];
}

const isShort = ({ available, floor }) => floor !== null && available < floor;

function sentence(found) {
  const { available, hosts, floor, because, overAt } = found;
  if (overAt) return make("p", { class: "soft" }, `${available} of ${hosts} hosts took users when its last drain was over, ${clock(overAt)}.`);
  const kept = floor === null ? "what the policy keeps is not known yet" : isShort(found) ? `fewer than the ${floor} that the policy keeps` : `the policy keeps ${floor}`;
  return make("p", {}, make("strong", {}, `${available} of ${hosts} hosts take users`), ", ",
    make(isShort(found) ? "strong" : "span", { class: isShort(found) ? "bad" : "" }, kept), because && make("span", { class: "soft" }, ` (${because}).`));
}

function spoken({ past, expected, available, floor, now }, name) {
  const first = past[0];
  const lowest = expected.reduce((low, each) => (each.available < low.available ? each : low), expected[0]);
  const end = expected.at(-1);
  return [
    `Hosts of ${name} that take users.`, first && `${first.available} at ${clock(first.at)}, ${available} at the latest look.`,
    floor !== null && `The policy keeps ${floor}.`,
    end && `Expected: ${lowest.available} at fewest${lowest.at > now ? `, at ${clock(lowest.at)}` : ""}; ${end.available} at ${clock(end.at)}.`,
  ].filter(Boolean).join(" ");
}

function shape(tag, props, ...inside) {
  const element = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(props)) element.setAttribute(name, value);
  element.append(...inside.filter(Boolean));
  return element;
}

function drawing(found, name) {
  const { past, expected, now, available, hosts, floor, overAt } = found;
  const until = overAt ?? now;
  const from = Math.min(past[0]?.at ?? until, until - LEAST);
  const to = Math.max(expected.at(-1)?.at ?? until, from + LEAST);
  const levels = [available, floor, ...past.flatMap(each => [each.available, each.floor]), ...expected.map(each => each.least)].filter(each => each !== null && each !== undefined);
  const top = Math.max(1, hosts, ...levels, ...past.map(each => each.hosts), ...expected.map(each => each.most));
  const bottom = lowestOf(Math.min(...levels), top);
  const left = 12 + 8 * String(top).length;
  const x = at => round(left + (RIGHT - left) * (at - from) / (to - from));
  const y = n => round(BOTTOM - (BOTTOM - TOP) * (n - bottom) / (top - bottom));
  const steps = (list, level, last) => { // with gaps where nothing is known
    let path = "";
    let drawn = false;
    for (const each of [...list, { at: last }]) {
      const n = level(each) ?? null;
      if (drawn) path += `H${x(each.at)}`;
      if (n !== null) path += `${drawn ? "V" : `M${x(each.at)} `}${y(n)}`;
      drawn = n !== null;
    }
    return path;
  };
  const back = list => [...list].reverse().map(each => `V${y(each.least)}H${x(each.at)}`).join("");
  const knowsFloor = past.some(each => each.floor !== null);
  const here = x(until);
  return shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": spoken(found, name) },
    ...[bottom, top].map(n => shape("path", { class: "grid", d: `M${left} ${y(n)}H${RIGHT}` })),
    expected.length && shape("path", { class: "band", d: `${steps(expected, each => each.most, to)}${back(expected)}Z` }),
    shape("path", { class: "now", d: `M${here} ${TOP - 4}V${BOTTOM}` }),
    knowsFloor && shape("path", { class: `floor${isShort(found) ? " short" : ""}`, d: steps(past, each => each.floor, overAt ?? to), transform: `translate(0 ${UNDER})` }),
    expected.length && shape("path", { class: "expected", d: steps(expected, each => each.available, to) }),
    shape("path", { class: "available", d: steps(past.length ? past : [{ at: from, available }], each => each.available, until) }),
    shape("circle", { class: "dot", cx: here, cy: y(available), r: 3.5 }),
    ...heights([top, floor, bottom], y, left), ...times(from, until, to, x, overAt));
}

const round = n => Math.round(n * 10) / 10;

// Where all happens far above nothing, what is below it is left out: the axis says so.
const lowestOf = (low, top) => (low > top / 2 && top > 12 ? Math.max(0, Math.floor(low - (top - low) / 2)) : 0);

function heights(levels, y, left) {
  const shown = [];
  for (const n of levels.filter(each => each !== null)) if (shown.every(other => Math.abs(y(other) - y(n)) > 11)) shown.push(n);
  return shown.map(n => shape("text", { x: left - 5, y: y(n) + 3.5, "text-anchor": "end" }, String(n)));
}

function times(from, until, to, x, overAt) {
  const here = x(until);
  const left = x(from);
  const place = here < left + 14 ? "start" : here > RIGHT - 14 ? "end" : "middle";
  const text = (at, words, anchor) => shape("text", { x: x(at), y: HEIGHT - 7, "text-anchor": anchor }, words);
  return [
    here - left > LABEL && text(from, tick(from), "start"), text(until, overAt ? tick(until) : "now", place),
    RIGHT - here > LABEL && text(to, tick(to), "end"),
  ].filter(Boolean);
}

function legend({ past, expected, floor }) {
  const known = floor !== null || past.some(each => each.floor !== null);
  const item = (kind, text) => make("span", {}, make("span", { class: `key ${kind}`, "aria-hidden": "true" }), text);
  return make("figcaption", {}, item("available", "take users"), known && item("floor", "kept by the policy"),
    expected.length ? item("expected", "expected; in 8 cases of 10 in the shade") : null);
}

function numbers({ past, expected }) {
  const row = (at, available, floor) => make("tr", {}, make("th", { scope: "row" }, at), make("td", {}, available), make("td", {}, floor ?? "not known"));
  const range = each => (each.least === each.most ? `${each.available}` : `${each.available} (${each.least} to ${each.most})`);
  return make("table", {},
    make("thead", {}, make("tr", {}, ["From", "Take users", "Kept"].map(text => make("th", { scope: "col" }, text)))),
    make("tbody", {}, past.map(each => row(clock(each.at), each.available === null ? "nobody looked" : `${each.available} of ${each.hosts}`, each.available === null ? "" : each.floor)),
      expected.map(each => row(`${clock(each.at)}, expected`, range(each), ""))));
}
