// Drains: how far, how long yet, what waits and why, who is on the hosts, and what may be ordered (by a reader who
// may order: else `acts.order` is false).

import { ends } from "./forecast.js";
import { button, draw, list, make, tag } from "./make.js";
import { deadlineOf, hasEnded, isOut, isOver, namesOn, usersOf } from "./model.js";
import { clock, count, last, names, short, since, until } from "./words.js";

const PRESS = ["extend", "skip", "release", "pause", "resume", "cancel"];
const HELD = new Set(["hold", "deallocate", "updateRun"]);
const MARK = { Succeeded: "good", Failed: "bad" };

export function showDrains(drains, acts) {
  const minute = Math.floor(Date.now() / 20000);
  const running = drains.filter(drain => !isOver(drain));
  const over = drains.filter(isOver);
  draw("drains", [minute, drains, !acts.order], () => [
    ...(running.length ? running.map(drain => card(drain, acts)) : [make("p", { class: "none" }, "No drain runs.")]),
    ...(over.length ? [make("details", { "data-key": "over" }, make("summary", { "data-key": "over summary" },
      `The latest that ended: ${over.length}`), over.map(ended))] : []),
  ]);
}

function card(drain, acts) {
  const done = drain.hosts.filter(hasEnded).length;
  const out = drain.hosts.filter(isOut);
  const title = titleOf(drain);
  const bar = make("progress", { max: drain.hosts.length, value: done, "aria-label": `hosts of ${title} that are done with` });
  const deadline = deadlineOf(drain);
  const left = !deadline ? "" : drain.paused?.stopClocks ? "Deadlines wait for the pause to end." : `Users must be gone ${until(deadline)}.`;
  return article(drain,
    make("p", { class: "far" }, bar, ` ${done} of ${count(drain.hosts.length, "host")} done with, ${out.length} out`),
    ends(drain),
    make("p", { class: "touches" }, touched(out), left && make("strong", {}, ` ${left}`)),
    drain.paused && make("p", {}, `Paused by ${drain.paused.by}, ${since(drain.paused.at)}`, drain.paused.why && `: ${drain.paused.why}`),
    waits(drain), make("div", { class: "press" }, (acts.order ? pressable(drain) : []).map(order =>
      button(order[0].toUpperCase() + order.slice(1), `${order} ${drain.id}`, () => acts.order(drain.id, order),
        { "aria-label": `${order}: ${title}`, class: order === "cancel" ? "grave" : "" }))),
    users(drain));
}

const titleOf = drain => `${last(drain.hostPool)}: ${drain.reason}`;

function article(drain, ...content) {
  const head = make("h3", { id: `drain-${drain.id}` }, titleOf(drain));
  return make("article", { "data-drain": drain.id, "aria-labelledby": head.id }, head,
    make("p", {}, tag(drain.status, MARK[drain.status]), drain.paused && tag("Paused", "bad"),
      drain.cancelAsked && !isOver(drain) && tag("Being canceled", "bad"),
      make("span", { class: "soft" }, ` asked by ${drain.askedBy}, ${clock(drain.askedAt)}`)),
    ...content);
}

const ended = drain => article(drain, make("p", {}, summary(drain)));

const summary = drain =>
  `${Object.entries(drain.summary).map(([phase, n]) => `${n} ${phase}`).join(", ")}${drain.endedAt ? `; ended ${clock(drain.endedAt)}` : ""}`;

const touched = out => (!out.length ? "" : usersOf(out) ? `${count(usersOf(out), "user is", "users are")} still on them: ${names(namesOn(out))}.` : "No user is on them.");

export function pressable(drain) {
  if (drain.cancelAsked) return drain.paused ? ["resume"] : [];
  return PRESS.filter(order => !({
    pause: drain.paused, resume: !drain.paused, release: !HELD.has(drain.policy?.maintenance),
  })[order]);
}

function waits(drain) {
  const why = new Map();
  for (const host of drain.hosts.filter(each => each.waitsFor)) {
    const text = host.waitsFor.text;
    why.set(text, [...(why.get(text) ?? []), host]);
  }
  if (!why.size) return null;
  return list([...why].map(([text, hosts]) => [
    make("strong", {}, hosts.map(host => short(host.name)).join(", ")), `: ${text} `,
    hosts[0].waitsFor.since && make("span", { class: "soft" }, since(hosts[0].waitsFor.since)),
  ]), { class: "waits" });
}

function users(drain) {
  const found = drain.hosts.flatMap(host => host.users.map(user => [host, user]));
  const told = drain.hosts.flatMap(host => host.messages.map(message => [host, message]));
  if (!found.length && !told.length) return null;
  return make("details", { "data-key": `users ${drain.id}` },
    make("summary", { "data-key": `summary ${drain.id}` }, `Users: ${found.length} seen, ${count(told.length, "message")} sent`),
    list(found.map(([host, user]) => [
      make("strong", {}, user.user), ` on ${short(host.name)}, ${user.state}`,
      user.warnedAt ? `; told ${clock(user.warnedAt)}` : "; not told yet",
      user.signedOutAt ? `; sign-out asked for ${clock(user.signedOutAt)}` : "",
      user.refused && make("span", { class: "bad" }, `; refused: ${user.refused}`),
    ])),
    told.length && make("h4", {}, "Messages"),
    list(told.map(([host, message]) => [
      `${clock(message.at)} to `, make("strong", {}, message.user), ` on ${short(host.name)}: ${message.result}`,
    ])));
}
