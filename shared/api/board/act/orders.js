// Orders to a drain, and a schedule's run: asked for in words that say whom they touch, then sent on
// the version that was read.

import { call } from "./api.js";
import { ask, isShown } from "./dialog.js";
import { list, make } from "./make.js";
import { hasEnded, namesOn, usersOf, usersOn } from "./model.js";
import { count, last, names, short } from "./words.js";

const TEXTS = {
  extend: ["More time for users", "Extend", "They get more time before they must go."],
  skip: ["Leave hosts out of it after all", "Skip", "They are left alone; a host that is out is put back."],
  release: ["Maintenance is done", "Release", "The hosts are checked and put back next."],
  pause: ["Pause the drain", "Pause", "Nobody is signed out while it lasts. What is out stays out, and deadlines wait."],
  resume: ["Go on with the drain", "Resume", "They may be told to leave, and signed out at the deadline."],
  cancel: ["Cancel the drain", "Cancel the drain", "They are left alone. What is out is put back, no further host goes out."],
};
const SPANS = { PT15M: "15 minutes", PT30M: "30 minutes", PT1H: "1 hour", PT2H: "2 hours", PT8H: "8 hours" };
// Hosts are chosen for these; those in this phase are chosen already.
const CHOOSES = { extend: "draining", release: "maintaining", skip: "" };

// Who is on a host that has not had its turn is not known yet.
function who(hosts) {
  const known = [...new Set(namesOn(hosts))];
  const rest = usersOf(hosts) > known.length ? ", others not known yet" : "";
  return known.length ? ` (${names(known)}${rest})` : "";
}

export function askOrder(drain, order, then) {
  const [title, verb, meaning] = TEXTS[order];
  const open = drain.hosts.filter(host => !hasEnded(host));
  const chooses = order in CHOOSES;
  const touches = make("p", { class: "touches", role: "status" });
  const reason = make("input", { id: "why", maxlength: "500", autocomplete: "off" });
  const by = make("select", { id: "by" }, Object.entries(SPANS).map(([value, text]) =>
    make("option", { value, selected: value === "PT1H" }, text)));
  const boxes = chooses ? open.map(host => [host, make("input", {
    type: "checkbox", checked: host.phase === CHOOSES[order], change: () => tell() })]) : [];
  const chosen = () => (chooses ? boxes.filter(([, box]) => box.checked).map(([host]) => host) : open);
  const tell = () => {
    const hosts = chosen();
    touches.textContent = hosts.length
      ? `Touches ${count(usersOf(hosts), "user")}${who(hosts)} on ${count(hosts.length, "host")}. ${meaning}`
      : "Choose at least one host.";
  };
  tell();
  ask(title, [
    make("p", {}, `${last(drain.hostPool)}: ${drain.reason}`), touches,
    chooses && make("fieldset", {}, make("legend", {}, "Hosts"), boxes.map(([host, box]) =>
      make("label", { class: "box" }, box, ` ${short(host.name)}, ${host.phase}, ${count(usersOn(host), "user")}`))),
    order === "extend" && make("p", {}, make("label", { for: "by" }, "By how long "), by),
    make("p", {}, make("label", { for: "why" }, "Why (for the history) "), reason),
  ], {
    text: verb, grave: order === "cancel",
    act: async () => {
      if (!chosen().length) throw new Error("Choose at least one host.");
      const body = { reason: reason.value };
      if (chooses) body.hosts = chosen().map(host => host.name);
      if (order === "extend") body.by = by.value;
      await call("order", { path: { id: drain.id, order }, body, etag: drain.etag });
      await then(`${verb}: done.`);
    },
  });
}

const OF_CAMPAIGN = {
  pause: ["Pause the campaign", "Pause", "No further drain begins, and those that run are paused."],
  resume: ["Go on with the campaign", "Resume", "Its drains go on, and those that wait begin."],
  cancel: ["Cancel the campaign", "Cancel the campaign", "Its drains that run are canceled: what is out is put back. No further drain begins."],
};

// `drains`: those that the board knows, by id. The version is that of the campaign as it is read now.
export async function askCampaign(campaign, order, drains, then) {
  const [title, verb, meaning] = OF_CAMPAIGN[order];
  const slots = campaign.waves.flatMap(wave => wave.drains);
  const open = slots.flatMap(slot => drains.get(slot.drain)?.hosts ?? []).filter(host => !hasEnded(host));
  const waiting = slots.filter(slot => !slot.drain).length;
  const reason = make("input", { id: "why", maxlength: "500", autocomplete: "off" });
  const path = { id: campaign.id };
  let etag = null;
  ask(title, [
    make("p", {}, campaign.reason),
    make("p", { class: "touches" }, `Touches ${count(usersOf(open), "user")}${who(open)} on ${count(open.length, "host")}` +
      `${waiting ? `, and ${count(waiting, "drain that has not begun", "drains that have not begun")}` : ""}. ${meaning}`),
    make("p", {}, make("label", { for: "why" }, "Why (for the history) "), reason),
  ], {
    text: verb, grave: order === "cancel",
    act: async () => {
      etag ??= (await shown).etag;
      await call("campaignOrder", { path: { ...path, order }, body: { reason: reason.value }, etag });
      await then(`${verb}: done.`);
    },
  });
  const shown = call("campaign", { path });
  shown.catch(() => {}); // told when it is pressed
}

// What a run would touch is asked of the app first: a dry run.
export async function askRun(schedule, then) {
  const title = `Run ${schedule.name} now`;
  const waiting = ask(title, make("p", { role: "status" }, "Asking what it would do …"));
  const path = { name: schedule.name };
  let plan;
  try {
    plan = await call("run", { path, query: { dryRun: "true" } });
  } catch (error) {
    if (isShown(waiting)) ask(title, make("p", { class: "bad" }, `It cannot be told what it would do: ${error.message}`));
    return;
  }
  if (!isShown(waiting)) return;
  const key = crypto.randomUUID();
  const planned = plan.drains.flatMap(each => each.plan?.hosts ?? []);
  const users = planned.flatMap(host => host.users);
  const lines = plan.drains.map(each => `${last(each.hostPool)}: ` + (each.plan
    ? `${count(each.plan.hosts.length, "host")}, ${count(each.plan.hosts.flatMap(host => host.users).length, "user")}` + (each.plan.heldBy ? `; held by ${each.plan.heldBy}` : "")
    : `refused: ${each.refused.join("; ")}`));
  ask(title, [
    make("p", { class: "touches" }, `Touches ${count(users.length, "user")}${users.length ? ` (${names(users)})` : ""} on ${count(planned.length, "host")}.`),
    list(lines), list([...plan.faults, ...plan.warnings], { class: "bad" }),
  ], {
    text: "Run it now",
    act: async () => {
      await call("run", { path, key });
      await then(`${schedule.name} runs.`);
    },
  });
}
