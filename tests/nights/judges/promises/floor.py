"""Judges promise 3, and the failure budget of promise 8: whether a host could be spared when it
went out."""

import math
from datetime import datetime, timedelta

from shared.core.drain.model import Claim
from shared.core.host.phases import OUT, Phase
from shared.core.policy.policy import Amount, HostUpdate, Ordering, Policy
from tests.nights.judges.known.court import FLOOR, ONE_BAD_HOST, Court, at_most, share
from tests.nights.judges.known.facts import APP
from tests.nights.script import lasts
from tests.nights.world.foreign import CONDITION, HOST_UPDATE
from tests.nights.world.scene import EVENING


def taken_out(court: Court, host: str, claim: Claim, at: datetime) -> None:
    """Judge a host that goes out, by what was true when it was chosen."""
    policy, when, facts = court.ledger.control(claim.drain).policy, claim.claimed_at, court.facts
    if host in facts.down or _was_out(court, host, when):
        return  # it was out already when it was chosen, so it took no capacity
    if court.spelt("an unheard-of status", host):
        return  # it was never seen as healthy
    _held(court, claim, policy, at)
    _in_turn(court, claim, policy, when)
    _in_window(court, claim, policy, when)
    total = facts.most_hosts(when, court.leeway)
    out = _out(court, when) | {host}
    most = _floor_of_rule(court, claim) or policy.max_unavailable
    if len(out) > at_most(most, total):
        court.breaks(FLOOR, f"{len(out)} of {total} hosts out, {most} may be: {sorted(out)}", at)
    left = total - len(out)
    if policy.minimum_available is not None:
        least = math.ceil(share(policy.minimum_available, total))
        if left < least:
            court.breaks(FLOOR, f"{left} of {total} hosts are left, {least} must stay", at)
    wanted = policy.minimum_capacity
    if wanted is not None and left * court.session_limit < wanted.sessions:
        text = f"room for {left * court.session_limit} is left, {wanted.sessions} must stay"
        court.breaks(FLOOR, text, at)
    _budget(court, claim, policy, at)
    _batch(court, claim, policy, at)


def _held(court: Court, claim: Claim, policy: Policy, at: datetime) -> None:
    """No host goes out while the vendor updates the pool's hosts, even if that cannot be read, nor
    while a condition of the policy says no."""
    script = court.script
    for pause in court.ledger.control(claim.drain).pauses:
        began = pause.asked.at + court.step + court.leeway
        if began <= claim.claimed_at and (
            pause.resumed is None or claim.claimed_at < pause.resumed.at - court.leeway
        ):
            court.breaks(FLOOR, f"{claim.host} was taken out while its drain is paused", at)
    for spell in script.spells if script is not None else ():
        update = spell.what == HOST_UPDATE and policy.during_host_update is not HostUpdate.IGNORE
        if not update and not (spell.what == CONDITION and policy.conditions):
            continue
        began = EVENING + timedelta(seconds=spell.since) + court.step + court.leeway
        if began <= claim.claimed_at and lasts(spell, (at - EVENING).total_seconds()):
            court.breaks(FLOOR, f"{claim.host} was taken out during: {spell.what}", at)


def _in_turn(court: Court, claim: Claim, policy: Policy, when: datetime) -> None:
    """With hosts in turn, a host that failed in an earlier drain goes last."""
    if policy.order is not Ordering.LONGEST_SINCE_MAINTENANCE or policy.batches or policy.canary:
        return
    here = court.ledger.records(claim.drain)
    failed = {h for h in here if _failed_before(court, h, claim.drain, when)}
    if claim.host not in failed:
        return
    asked_at = court.ledger.control(claim.drain).asked.at
    others = [
        h for h in here.values()
        if h.phase is Phase.QUEUED and h.key not in failed and h.key not in court.facts.closed
        and h.key not in court.facts.down and (h.since <= asked_at or h.since < when - court.step)
    ]  # fmt: skip
    if others and not court.meddled:
        text = f"{claim.host} failed, and goes before {others[0].key}"
        court.breaks(ONE_BAD_HOST, text, when)


def _failed_before(court: Court, host: str, drain: str, when: datetime) -> bool:
    """Whether the last maintenance of the host, in an earlier drain, failed. A drain that never
    took it out does not count."""
    last = None
    for other in court.ledger.drains():
        record = court.ledger.records(other).get(host) if other != drain else None
        if record is None or record.out_at is None:
            continue
        if record.ended and record.since < when - court.step:
            last = record if last is None or record.since > last.since else last
    return last is not None and last.phase is Phase.FAILED


def _floor_of_rule(court: Court, claim: Claim) -> Amount | None:
    """The limit in the rule whose events took the host out. None: the rule ignores its floor, or
    there is none. The drain's own policy may be wrong, so it is not used."""
    cause = court.ledger.control(claim.drain).cause
    rule = court.rules.get(cause.rule, {}) if cause is not None else {}
    told = rule.get("policy", {}).get("maxUnavailable")
    if told is None or rule.get("overTheFloor") == "drainAnyway":
        return None
    return Amount(int(told[:-1]), percent=True) if isinstance(told, str) else Amount(told)


def _in_window(court: Court, claim: Claim, policy: Policy, when: datetime) -> None:
    """Check the window, which is in the evening and the same night, in UTC, with the tolerance of a
    clock."""
    if policy.window is None:
        return
    starts, ends = (
        when.replace(hour=int(text[:2]), minute=int(text[3:]), second=0, microsecond=0)
        for text in (policy.window.starts, policy.window.ends)
    )
    if not starts - court.leeway <= when < ends + court.leeway:
        court.breaks(FLOOR, f"{claim.host} was taken out outside its window", when)


def _was_out(court: Court, host: str, when: datetime) -> bool:
    """Whether the host was out when it was chosen: its agent was updating itself, or others had set
    drain mode and opened it only afterwards."""
    usable_at = court.facts.usable_at.get(host)
    if usable_at is not None and when < usable_at + court.leeway:
        return True
    reopened = court.facts.reopened.get(host)
    if reopened is None:
        return False
    closed_at, opened_at = reopened
    return closed_at - court.step < when < opened_at + court.leeway


def _out(court: Court, when: datetime) -> set[str]:
    """The hosts that were out for certain when a host was chosen. Of one that is not listed only claims tell."""
    facts, before = court.facts, when - court.leeway
    found = {
        claim.host
        for claim in court.ledger.claims(when)
        if (claim.out and claim.claimed_at <= when)
        or (claim.kept_drained and claim.host in facts.closed)
    }
    others = {h for h, c in facts.closed.items() if c.by != APP and c.at <= before}
    others |= {h for h, at in facts.down.items() if at <= before}
    found |= {h for h in others if not court.spelt("not listed", h)}
    return found - facts.deleted


def _budget(court: Court, claim: Claim, policy: Policy, at: datetime) -> None:
    records = court.ledger.records(claim.drain).values()
    failed = [h for h in records if h.failed and h.ended and h.since < claim.claimed_at]
    budget = at_most(policy.failure_budget, len(records))
    if len(failed) >= budget:
        text = f"{claim.host} was taken out after {len(failed)} had failed, of {budget}"
        court.breaks(ONE_BAD_HOST, text, at)


def _batch(court: Court, claim: Claim, policy: Policy, at: datetime) -> None:
    """The canary goes alone, and a batch is no larger than the largest one asked for."""
    hosts = court.ledger.records(claim.drain).values()
    mates = [h for h in hosts if h.phase in OUT and h.key != claim.host]
    ended = [h for h in hosts if h.ended and h.out_at is not None]
    if policy.canary and mates and not ended:
        court.breaks(FLOOR, f"{claim.host} went out beside the canary", at)
    sizes = [at_most(size, len(hosts)) for size in policy.batches]
    if sizes and len(mates) + 1 > max(sizes):
        court.breaks(FLOOR, f"{len(mates) + 1} out, a batch is {sizes}", at)
