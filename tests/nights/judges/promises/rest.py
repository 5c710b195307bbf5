"""Judges promises 1, 2, 6, 8 and 9 when everything has come to rest: nothing of the app's is left
on the estate, and every action is in the history."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from shared.core.drain.history.effects import Effect, MessageSent, UserSignedOut, in_words
from shared.core.drain.history.facts import Acted, Asked, FoundRestored, Ordered, WatchdogActed
from shared.core.host.host import HostRecord
from shared.core.host.status import ENDED
from tests.nights.judges.known.court import (
    AS_BEFORE,
    FORGOTTEN,
    ONCE,
    ONE_BAD_HOST,
    ONE_OWNER,
    SAYS_WHY,
    Court,
)
from tests.nights.judges.known.facts import APP, HostNow
from tests.nights.judges.promises.hosts import OURS
from tests.nights.judges.promises.truth import truthful

_SOON = timedelta(minutes=10)
"""Much less than an operation may take in the policies of a night."""


def rested(
    court: Court, hosts: Iterable[HostNow], started: set[tuple[str, str]], now: datetime
) -> None:
    """``started``: the drains, each with the hosts whose VM it started."""
    hosts = list(hosts)
    for host in hosts:
        _put_back(court, host, now)
        _stopped_again(court, host, started, now)
    there = {host.key: host for host in hosts}
    for drain in court.ledger.drains():
        if drain not in court.ledger.lost:
            _ended(court, drain, there, now)
    _told(court, now)


def _put_back(court: Court, host: HostNow, now: datetime) -> None:
    claim = court.ledger.claim(host.key, now)
    closed = court.facts.closed.get(host.key)
    kept = claim is not None and claim.kept_drained
    if court.pool_gone:
        closed = None
    elif _refused(court, host, now):
        return
    if not host.allow_new_session and closed is not None and closed.by == APP and not kept:
        court.breaks(FORGOTTEN, f"{host.key} is left in drain mode", now)
    unknowable = court.pool_gone and never_back(court, host, now)
    if claim is not None and not claim.free and not unknowable:
        court.breaks(FORGOTTEN, f"{host.key} is claimed by {claim.drain} for ever", now)
    if not kept and any(value.startswith(OURS) for value in host.tags.values()):
        court.breaks(AS_BEFORE, f"{host.key} still carries our tag", now)


def never_back(court: Court, host: HostNow, now: datetime) -> bool:
    """Whether what is still to be put back of the host is refused for ever; or somebody else opened
    it, and nobody can ever list that."""
    ours = any(value.startswith(OURS) for value in host.tags.values())
    closed, claim = court.facts.closed.get(host.key), court.ledger.claim(host.key, now)
    shut = not host.allow_new_session and closed is not None and closed.by == APP
    shut = shut or (claim is not None and claim.out and court.never_listed)
    return (shut and court.never_allowed(host.key, "set_allow_new_session")) or (
        ours and court.never_allowed(host.key, "set_tag")
    )


def _refused(court: Court, host: HostNow, now: datetime) -> bool:
    """Whether the host cannot be put back. Then somebody must be told so."""
    refused = never_back(court, host, now)
    if refused and not court.attention(host.key):
        court.breaks(FORGOTTEN, f"{host.key} cannot be put back, and nobody is told", now)
    return refused


def _stopped_again(
    court: Court, host: HostNow, started: set[tuple[str, str]], now: datetime
) -> None:
    """A VM that was stopped before must be stopped again, or somebody must be told that it runs."""
    ledger = court.ledger
    if host.power != "running" or host.key not in court.facts.stopped_before:
        return
    drains = [drain for drain, key in started if key == host.key]
    records = [ledger.records(drain).get(host.key) for drain in drains if drain not in ledger.lost]
    quiet = all(record is not None and not record.attention for record in records)
    if records and quiet and ledger.claim(host.key, now) is None:
        court.breaks(AS_BEFORE, f"the VM of {host.key} was stopped before, and runs now", now)


def _ended(court: Court, drain: str, there: dict[str, HostNow], now: datetime) -> None:
    status = court.ledger.status(drain)
    if status not in ENDED:
        court.breaks(ONE_BAD_HOST, f"drain {drain} is {status}", now)
    for host in court.ledger.records(drain).values():
        if not host.ended or host.ending is None:
            court.breaks(ONE_BAD_HOST, f"{host.key} is still {host.phase}", now)
        elif not host.ending.text:
            court.breaks(SAYS_WHY, f"{host.key} ended as {host.phase} and does not say why", now)
        else:
            _truly_late(court, host, now)
            truthful(court, host, there.get(host.key), now)


def _truly_late(court: Court, host: HostRecord, now: datetime) -> None:
    """If the app reports that an operation did not end in time, that must be true."""
    job, over_at = host.maintenance.job, court.facts.operated.get(host.key)
    if host.ending is None or "did not end within" not in host.ending.text:
        return
    if job is None or job.asked_at is None or over_at is None:
        return
    if job.asked_at - court.leeway <= over_at <= job.asked_at + _SOON:
        text = f"{host.key} is told to be late, and its {job.what} was over at {over_at:%H:%M:%S}"
        court.breaks(SAYS_WHY, text, now)


def _named(effect: Effect) -> str:
    """The effect's name, as the court records it."""
    match effect:
        case MessageSent():
            return "message"
        case UserSignedOut():
            return "sign-out"
        case _:
            return in_words(effect)


def _told(court: Court, now: datetime) -> None:
    """Every effect must have an entry in the history of its drain, a drain must start once, and a
    host be added once."""
    told: Counter[tuple[str, str, str]] = Counter()
    starts: Counter[str] = Counter()
    added: Counter[tuple[str, str]] = Counter()
    for drain, entry in court.ledger.history():
        match entry.fact:
            case Asked():
                starts[drain] += 1
            case Ordered("add", hosts):
                added.update((drain, host) for host in hosts)
            case Acted(effect):
                told[drain, entry.host, _named(effect)] += 1
            case WatchdogActed() | FoundRestored():
                told[drain, entry.host, "watchdog"] += 1
    for drain in starts:
        if starts[drain] > 1 and drain not in court.ledger.lost:
            court.breaks(ONE_OWNER, f"drain {drain} was started twice", now)
    for (drain, host), times in added.items():
        if times > 1 and drain not in court.ledger.lost:
            court.breaks(ONCE, f"{host} was added to {drain} {times} times", now)
    for (drain, host, what), times in Counter(court.effects).items():
        known = told[drain, host, what] >= times or told[drain, host, "watchdog"]
        if not known and drain not in court.ledger.lost:
            text = f"'{what}' of {host} is told {told[drain, host, what]} times of {times}"
            court.breaks(SAYS_WHY, text, now)
