// What was done to a host, and why: the newest first.

import { all } from "./api.js";
import { ask } from "./dialog.js";
import { make, tag } from "./make.js";
import { keyOf, clock, last, names, short } from "./words.js";

const REFUSED = new Set(["refused", "unknown"]);

export async function showHistory(drain, host) {
  const title = `${short(host)}: what was done`;
  ask(title, make("p", { role: "status" }, "Reading its history …"));
  let came;
  try {
    came = await all("history", { path: { id: drain }, query: { $top: "200" } }, 20);
  } catch (error) {
    ask(title, make("p", { class: "bad" }, `Its history cannot be read: ${error.message}`));
    return;
  }
  const lines = came.items.filter(each => !each.host || keyOf(each.host) === keyOf(host)).reverse();
  ask(title, [
    make("p", { class: "soft" }, `${last(host)}, newest first; lines without a mark are of the whole drain.`),
    !came.whole && make("p", { class: "bad" }, "The history is longer: only its beginning is shown."),
    make("ol", { class: "history" }, lines.map(each => make("li", {}, line(each)))),
  ]);
}

function line(entry) {
  const action = entry.action;
  const order = entry.order;
  return [
    make("span", { class: "soft" }, clock(entry.at)), " ",
    entry.host && tag(entry.kind),
    entry.kind === "phase" || entry.kind === "status" ? ` ${entry.before} → ${entry.after}` : "", ` ${entry.what}`,
    make("span", { class: "soft" }, ` · by ${entry.by}`, entry.askedBy && ` for ${entry.askedBy}`),
    action && make("span", { class: REFUSED.has(action.result) ? "bad" : "soft" }, ` · ${action.result}`, action.text && `: ${action.text}`),
    order?.hosts.length ? make("span", { class: "soft" }, ` · for ${names(order.hosts.map(short))}`) : null,
    order?.until && make("span", { class: "soft" }, ` · until ${clock(order.until)}`),
    entry.code && make("span", { class: "soft" }, ` · ${entry.code}`),
    entry.why && make("span", {}, ` · why: ${entry.why}`),
  ];
}
