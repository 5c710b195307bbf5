// What needs a person, hosts that are out, schedules, campaigns, events that came.

import { ends } from "./forecast.js";
import { button, draw, list, make, tag } from "./make.js";
import { isOver } from "./model.js";
import { clock, last, short, since, until } from "./words.js";

const CLAIM = { out: "out", keptDrained: "kept drained", putBackByWatchdog: "put back by the watchdog" };
const none = text => [make("p", { class: "none" }, text)];

export function showAttention(found, open) {
  draw("attention", found, () => (found.length ? [list(found.map(each => [
    make("span", { class: "sign", "aria-hidden": "true" }, "!"),
    make("strong", {}, each.where), `: ${each.text} `,
    each.host && button("Its history", `attention ${each.drain} ${each.host}`, () => open(each.drain, each.host),
      { "aria-label": `Its history: ${each.host}` }),
  ]), { class: "needs" })] : []));
}

export function showClaims(claims, open) {
  draw("claims", [Math.floor(Date.now() / 60000), claims], () => (claims.length ? [list(claims.map(claim => [
    button(short(claim.host), `claim ${claim.hostPool} ${claim.host}`, () => open(claim.drain, claim.host), { "aria-label": `${claim.host}: its history` }),
    ` of ${last(claim.hostPool)}: ${CLAIM[claim.state]}`, claim.since && ` ${since(claim.since)}`,
    claim.state === "out" && claim.restoreBy && make("span", { class: "soft" }, `; the watchdog puts it back ${until(claim.restoreBy)}`),
    claim.allowNewSessionBefore === false && make("span", { class: "soft" }, "; it took no new sessions before either"),
    claim.note && `. ${claim.note}`,
  ]))] : none("None: no drain has a host out.")));
}

// `acts`: run (false for whoever may not), and report.
export function showSchedules(schedules, { run, report }) {
  draw("schedules", [Math.floor(Date.now() / 60000), schedules, !run], () => (schedules.length ? [list(schedules.map(each => [
    make("strong", {}, each.name), each.enabled ? "" : " (off)", " ",
    make("span", { class: "soft" }, `${each.cron}, ${each.timeZone}`),
    make("br"), each.enabled && each.next.length ? `Next: ${each.next.slice(0, 3).map(clock).join("; ")}. ` : "No next run. ",
    make("br"), each.lastRun ? `Last: ${clock(each.lastRun.at)}, ${each.lastRun.state}${each.lastRun.text ? `: ${each.lastRun.text}` : ""}. ` : "Never run. ",
    each.lastRun?.reportTaken ? `Posting its report: ${each.lastRun.reportTaken}. ` : "",
    each.lastRun?.hasReport && button("Its report", `report ${each.name}`, () => report(each), { "aria-label": `Report of the last run: ${each.name}` }), " ",
    run && button("Run now", `run ${each.name}`, () => run(each), { "aria-label": `Run now: ${each.name}` }),
  ]))] : none("There is no schedule.")));
}

export function showCampaigns(campaigns, order) {
  draw("campaigns", [campaigns, !order], () => (campaigns.length ? [list(campaigns.map(each => [
    make("strong", {}, each.reason), " ", tag(each.status), each.paused && tag("Paused", "bad"),
    each.stopped && make("span", { class: "bad" }, ` stopped: ${each.stopped}`),
    ends(each),
    list(each.waves.map(wave => [`${wave.name}: `, wave.drains.map(slot =>
      `${last(slot.hostPool)} ${slot.status}${slot.text ? ` (${slot.text})` : ""}`).join(", ")])),
    order && !isOver(each) && make("div", { class: "press" }, [each.paused ? "resume" : "pause", "cancel"].map(what =>
      button(what[0].toUpperCase() + what.slice(1), `${what} ${each.id}`, () => order(each, what),
        { "aria-label": `${what} the campaign: ${each.reason}`, class: what === "cancel" ? "grave" : "" }))),
  ]))] : none("There was no campaign.")));
}

export function showEvents(events) {
  draw("events", events, () => (events.length ? [list(events.map(each => [
    make("span", { class: "soft" }, clock(each.at)), " ", tag(each.outcome, each.outcome === "refused" || each.outcome === "malformed" ? "bad" : ""),
    ` ${each.text} `, make("span", { class: "soft" }, `${last(each.type)} · ${last(each.subject)}`),
    each.until && ` waits until ${clock(each.until)}`,
  ]))] : none("None came.")));
}
