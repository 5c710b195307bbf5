// Starting a drain: what is asked for, then what it would do, as the app tells it, then the start.

import { call } from "./api.js";
import { ask } from "./dialog.js";
import { ends } from "./forecast.js";
import { button, list, make } from "./make.js";
import { clock, count, last, names, short } from "./words.js";

const MAINTENANCE = {
  none: "Nothing: they only had to be empty once",
  hold: "Somebody does it, and then releases the host",
  restart: "Restart the VM",
  deallocate: "Deallocate the VM, and start it again when it is released",
  redeploy: "Redeploy the VM",
};
const DEADLINES = { PT15M: "15 minutes", PT30M: "30 minutes", PT1H: "1 hour", PT4H: "4 hours", PT12H: "12 hours", P1D: "1 day" };
const THEN = { wait: "Wait for them", signOut: "Sign them out", giveUp: "Leave the host alone, and put it back" };
const ENDS = { wait: "then they are waited for", signOut: "then they are signed out", giveUp: "then the host is left alone, and put back" };
const NOT_NAMED = "NotNamed"; // others were: who chose need not be told
const OTHER = "another";

const field = (id, text, control) => make("p", {}, make("label", { for: id }, text), control);
const select = (id, options, chosen, change = () => {}) => make("select", { id, change },
  Object.entries(options).map(([value, text]) => make("option", { value, selected: value === chosen }, text)));

// `pools`: resource ids of those that the board knows.
export function askStart(pools, then) {
  const form = formOf(pools);
  const show = () => ask("Start a drain", form.content, { text: "Show what it would do", act: tryIt });
  const tryIt = async () => {
    const body = form.body();
    const plan = await call("start", { query: { dryRun: "true" }, body });
    const key = crypto.randomUUID(); // pressed twice, or its answer lost: the same drain
    ask(`Start a drain of ${last(plan.hostPool)}`, planned(plan), {
      text: "Start it", grave: plan.policy.atDeadline === "signOut",
      back: { text: "Change it", act: show },
      act: async () => {
        await call("start", { body, key });
        await then(`The drain of ${last(plan.hostPool)} is started.`);
      },
    });
    return true;
  };
  show();
}

function formOf(pools) {
  const known = Object.fromEntries(pools.map(id => [id, last(id)]));
  const pool = select("pool", { ...known, [OTHER]: "Another, by its resource id" }, pools[0], () => choose());
  const id = make("input", { id: "pool-id", autocomplete: "off", spellcheck: "false", change: () => choose() });
  const other = field("pool-id", "Resource id of the host pool", id);
  const hosts = hostsOf();
  const reason = make("input", { id: "why", maxlength: "500", autocomplete: "off", required: true });
  const maintenance = select("maintenance", MAINTENANCE, "hold");
  const most = make("input", { id: "most", autocomplete: "off", pattern: "[0-9]+%?", "aria-describedby": "most-how" });
  const deadline = select("deadline", DEADLINES, "PT1H");
  const atDeadline = select("at-deadline", THEN, "wait");
  const more = make("textarea", { id: "more", rows: "3", spellcheck: "false", "aria-describedby": "more-how" });
  const poolId = () => (pool.value === OTHER ? id.value.trim() : pool.value);
  const choose = () => {
    other.hidden = pool.value !== OTHER;
    hosts.of(poolId());
  };
  choose();
  return {
    content: [
      field("pool", "Host pool", pool), other, hosts.part,
      field("why", "Why (users may read it)", reason),
      field("maintenance", "What is done to each host once it is empty", maintenance),
      make("div", { class: "side" },
        field("deadline", "Users must be gone after", deadline), field("at-deadline", "Who is still there then", atDeadline)),
      field("most", "Out at once, at most", most),
      make("p", { id: "most-how", class: "soft" }, "A number, or a part of the pool such as 25%. Left empty: one."),
      make("details", {}, make("summary", {}, "More of the policy"),
        make("label", { for: "more" }, "Fields as JSON"), more,
        make("p", { id: "more-how", class: "soft" }, "They stand above what is chosen here. docs/policy.md has them all.")),
    ],
    body: () => ({
      hostPool: poolId(), hosts: hosts.chosen(), reason: reason.value.trim(),
      policy: {
        maintenance: { kind: maintenance.value }, deadline: deadline.value, atDeadline: atDeadline.value,
        ...(most.value && { maxUnavailable: most.value.endsWith("%") ? most.value : Number(most.value) }),
        ...objectIn(more.value),
      },
    }),
  };
}

function objectIn(text) {
  if (!text.trim()) return {};
  try {
    const found = JSON.parse(text);
    if (found && typeof found === "object" && !Array.isArray(found)) return found;
  } catch { /* told below */ }
  throw new Error("More of the policy: that is no JSON object.");
}

// The hosts of the pool that is chosen, to choose from; where they cannot be listed, all or by name.
function hostsOf() {
  const names = make("input", { id: "names", autocomplete: "off", spellcheck: "false" });
  const part = make("div", {});
  let boxes = null;
  let pool = null;
  const tick = yes => boxes.forEach(([, box]) => { box.checked = yes; });
  const byName = why => part.replaceChildren(make("p", { class: "soft" }, why),
    field("names", "Hosts, by their names, with commas; left empty: all", names));
  async function of(id) {
    if (id === pool) return;
    [pool, boxes] = [id, null];
    if (!id) return byName("Which pool?");
    part.replaceChildren(make("p", { role: "status" }, "Listing its hosts …"));
    try {
      const { value } = await call("hosts", { query: { hostPool: id, since: "PT1S" } });
      if (pool !== id) return;
      boxes = value.map(host => [host, make("input", { type: "checkbox" })]);
      part.replaceChildren(make("fieldset", {}, make("legend", {}, `Hosts of ${last(id)}`),
        make("div", { class: "press" }, button("All", "hosts all", () => tick(true)), button("None", "hosts none", () => tick(false))),
        make("div", { class: "boxes" }, boxes.map(([host, box]) => make("label", { class: "box" }, box, ` ${saying(host)}`)))));
    } catch (error) {
      if (pool === id) byName(`Its hosts cannot be listed: ${error.message}`);
    }
  }
  return {
    part, of,
    chosen: () => {
      if (!boxes) return names.value.trim() ? names.value.split(",").map(name => name.trim()).filter(Boolean) : "all";
      const chosen = boxes.filter(([, box]) => box.checked).map(([host]) => host.host);
      if (!chosen.length) throw new Error("Choose at least one host.");
      return chosen;
    },
  };
}

const saying = host => [short(host.host), count(host.sessions, "session"),
  host.allowNewSession === false && "out already", host.status !== "Available" && host.status].filter(Boolean).join(", ");

function planned(plan) {
  const users = plan.hosts.flatMap(host => host.users);
  const goes = plan.hosts.filter(host => !host.cannotGo);
  const excluded = plan.excluded.filter(host => host.code !== NOT_NAMED);
  const stays = plan.hosts.filter(host => host.cannotGo);
  const { deadline, atDeadline } = plan.policy;
  return [
    make("p", { class: "touches" }, `Touches ${count(users.length, "user")}${users.length ? ` (${names(users)})` : ""} on ${count(plan.hosts.length, "host")}. ` +
      `Each has ${DEADLINES[deadline] ?? deadline} to leave, ${ENDS[atDeadline] ?? atDeadline}.`),
    ends(plan),
    plan.heldBy && make("p", { class: "bad" }, `Held back now: ${plan.heldBy}`),
    list((plan.missingRights ?? []).map(each => `The app may not do this: ${each.action} on ${each.scope}`), { class: "bad" }),
    plan.missingRightsUnknown && make("p", { class: "bad" }, `Whether the app may do all this is not known: ${plan.missingRightsUnknown}`),
    goes.length ? make("h3", {}, "In this order") : null,
    list(goes.map(host => [make("strong", {}, short(host.name)), `: ${count(host.users.length, "user")}`,
      host.outFrom && `, out from ${clock(host.outFrom)}`, host.expectedEnd?.at && `, expected back ${clock(host.expectedEnd.at)}`,
      host.backBy ? `, at the latest ${clock(host.backBy)}` : ", at the latest when its users have left"])),
    stays.length ? make("h3", {}, "Not as things are; they wait") : null,
    list(stays.map(host => [make("strong", {}, short(host.name)), `: ${host.cannotGo}`])),
    excluded.length ? make("h3", {}, "Left out") : null,
    list(excluded.map(host => [make("strong", {}, short(host.name)), `: ${host.text}`])),
    plan.messages.length ? make("details", {}, make("summary", {}, `What users will read: ${count(plan.messages.length, "message")}`),
      list(plan.messages.map(each => [make("strong", {}, each.title), `: ${each.text}`]))) : null,
  ];
}
