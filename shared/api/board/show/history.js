// What was done to a host, and why: the newest first.

import { all } from "./api.js";
import { ask, isShown } from "./dialog.js";
import { make, tag } from "./make.js";
import { clock, keyOf, last, moment, names, short } from "./words.js";

const REFUSED = { refused: "refused", unknown: "answer lost", notTried: "not tried" };
const MARKED = { attention: "needs attention", stepFailed: "a look failed", stepPutAside: "put aside", watchdog: "watchdog", order: "order" };

export async function showHistory(drain, host) {
  const title = `${short(host)}: what was done`;
  const waiting = ask(title, make("p", { role: "status" }, "Reading its history …"));
  let came;
  try {
    came = await all("history", { path: { id: drain }, query: { $top: "200" } }, 20);
  } catch (error) {
    if (isShown(waiting)) ask(title, make("p", { class: "bad" }, `Its history cannot be read: ${error.message}`));
    return;
  }
  if (!isShown(waiting)) return;
  const lines = came.items.filter(each => !each.host || keyOf(each.host) === keyOf(host)).reverse();
  ask(title, [
    make("p", { class: "soft" }, `${last(host)}, newest first; what is in bold was done to this host, the rest to the whole drain.`),
    !came.whole && make("p", { class: "bad" }, "The history is longer: only its beginning is shown."),
    make("ol", { class: "history" }, lines.map(each => make("li", {}, line(each)))),
  ]);
}

function line(entry) {
  const action = entry.action;
  const order = entry.order;
  return [
    make("span", { class: "soft" }, moment(entry.at)), " ", MARKED[entry.kind] && tag(MARKED[entry.kind], "bad"),
    REFUSED[action?.result] && tag(REFUSED[action.result], "bad"),
    make(entry.host ? "strong" : "span", {}, entry.what), entry.why && `: ${entry.why}`,
    action?.text && !entry.what.includes(action.text) && make("span", { class: "bad" }, ` · ${action.text}`),
    order?.hosts.length ? make("span", { class: "soft" }, ` · for ${names(order.hosts.map(short))}`) : null,
    order?.until && make("span", { class: "soft" }, ` · until ${clock(order.until)}`),
    entry.code && make("span", { class: "soft" }, ` · ${entry.code}`),
    make("br"), make("span", { class: "soft" }, `by ${entry.by}`),
  ];
}
