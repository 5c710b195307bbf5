// What came of a schedule's last run.

import { call } from "./api.js";
import { ask, isShown } from "./dialog.js";
import { list, make, tag } from "./make.js";
import { count, last, short } from "./words.js";

export async function showReport(schedule) {
  const title = `${schedule.name}: report of its last run`;
  const waiting = ask(title, make("p", { role: "status" }, "Reading it …"));
  let told;
  try {
    told = await call("report", { path: { name: schedule.name } });
  } catch (error) {
    if (isShown(waiting)) ask(title, make("p", { class: "bad" }, `It cannot be read: ${error.message}`));
    return;
  }
  if (isShown(waiting)) ask(title, report(told));
}

function report({ local, summary, attention, campaign, drains }) {
  return [
    make("p", { class: "soft" }, local),
    make("p", {}, make("strong", {}, `${count(summary.hostsDone, "host")} done, ${summary.hostsNotDone} not. `),
      `Users: ${summary.usersWarned} warned, ${summary.usersLeftByThemselves} left by themselves, ${summary.usersSignedOut} signed out.`),
    attention.length ? make("h3", {}, "To be looked at") : null,
    list(attention, { class: "bad" }),
    campaign && make("p", {}, "The campaign: ", tag(campaign.status), campaign.stopped && ` stopped: ${campaign.stopped}`),
    drains.map(drain => [
      make("h3", {}, `${last(drain.hostPool)}: ${drain.status}`),
      make("p", {}, `${count(drain.done, "host")} done.`),
      list(drain.notDone.map(host => [make("strong", {}, short(host.host)), ` ${host.phase}: ${host.why}`])),
    ]),
  ];
}
