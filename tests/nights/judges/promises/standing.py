"""Judges what is told of a pool after a step: how many of its hosts take new users."""

from datetime import datetime

from shared.adapters.storage import entities
from shared.core.drain.availability import Availability
from tests.nights.judges.known.court import SAYS_WHY, Court
from tests.nights.judges.known.ledger import TableLedger
from tests.nights.script import Script

_UNTOLD = ("no drain mode", "an unheard-of status", "not listed")


def stood(court: Court, ledger: TableLedger, drain: str, now: datetime) -> None:
    """Judge a look of a moment ago. What has changed since a while before it may count or not."""
    row = ledger.rows(drain).get("progress")
    told = entities.read_availability(row.values) if row is not None else None
    before = now - court.step - court.leeway
    if told is None or told.seen_at < before or court.meddled:
        return
    if fault := _fault(told):
        court.breaks(SAYS_WHY, f"of the pool of {drain} it is told that {told}: {fault}", now)
    if court.script is not None and _sees_otherwise(court.script):
        return
    out, there = _out(court, before), _there(court, before)
    point = told.now
    if not len(there) <= point.available <= point.hosts - len(out):
        text = f"{point.available} of {point.hosts} available; out: {out}, there: {there}"
        court.breaks(SAYS_WHY, f"of the pool of {drain} it is told: {text}", now)


def _sees_otherwise(script: Script) -> bool:
    """Whether the app is shown another pool than there is: hosts that count as out or that lists lack, or an old list.
    Where a rule fails, hosts that are open stay out for their drain."""
    stale = any(fault.kind == "stale" and fault.name in ("", "hosts") for fault in script.faults)
    return stale or bool(script.bad_rules) or any(spell.what in _UNTOLD for spell in script.spells)


def _fault(told: Availability) -> str:
    times = [point.at for point in told.points]
    if times != sorted(times) or times[-1] > told.seen_at:
        return "not in order"
    wrong = [point for point in told.points if not 0 <= point.available <= point.hosts]
    return f"{wrong[0]} cannot be" if wrong else ""


def _out(court: Court, before: datetime) -> list[str]:
    """The hosts that have been out for a while."""
    facts = court.facts
    closed = {host for host, change in facts.closed.items() if change.at < before}
    down = {host for host, at in facts.down.items() if at < before}
    return sorted((closed | down) - facts.deleted)


def _there(court: Court, before: datetime) -> list[str]:
    """The hosts that have been open and up for a while, and belong to no drain."""
    facts = court.facts
    claimed = {claim.host for claim in court.ledger.claims(before)}
    gone = claimed | facts.closed.keys() | facts.down.keys() | facts.deleted
    changed = {
        host for at_ in (facts.opened, facts.usable_at) for host, at in at_.items() if at >= before
    }
    return sorted(facts.ever - gone - changed)
