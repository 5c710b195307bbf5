"""What a step adds to the past of its pool: what ended between two states of a drain. Nothing is read for
it, and nothing is remembered in between: each host's record tells since when."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from shared.core.drain.model import Drain
from shared.core.forecast.leaving import Leaving, Stay, with_stays, with_wait
from shared.core.forecast.past import Past
from shared.core.host.host import HostRecord
from shared.core.host.phases import Phase
from shared.core.host.sessions import SessionRecord
from shared.core.host.status import ENDED, Status


def has_news(before: Drain, after: Drain) -> bool:
    """Whether there is something to learn, told without much ado: nearly all steps have nothing."""
    return _has_ended(before, after) or any(
        _is_news(was, host) for was, host in _pairs(before, after)
    )


def learned(past: Past, before: Drain, after: Drain, now: datetime) -> Past:
    """The past, with what ended between ``before`` and ``after``, which a step made of it."""
    past = past.as_of(now)
    kind = after.control.policy.maintenance.kind
    stays: list[Stay] = []
    for was, host in _pairs(before, after):
        for stay, signed_out_at in _stays(was, host, now):
            stays.append(stay)
            if signed_out_at is not None:
                took = _took(signed_out_at, now)
                past = replace(past, signing_out=past.signing_out.with_one(took))
        if was.phase is Phase.QUEUED and was.out_at is None and was.sessions_count:
            past = replace(past, leaving=_with_wait(past.leaving, was, host, after, now))
        noted, had = host.maintenance, was.maintenance
        if noted.begun_at is not None and had.begun_at is None and host.out_at is not None:
            empty_at = max(host.out_at, _emptied(was, host))
            past = replace(past, settling=past.settling.with_one(_took(empty_at, noted.begun_at)))
        if noted.finished_at is not None and had.finished_at is None:
            begun_at = noted.begun_at or noted.finished_at
            past = past.with_kind(kind, _took(begun_at, noted.finished_at))
        if noted.finished_at is not None and host.phase is Phase.DONE and not was.ended:
            past = replace(past, back=past.back.with_one(_took(noted.finished_at, host.since)))
    if stays:
        past = replace(past, leaving=with_stays(past.leaving, stays, after.control.zone))
    if _has_ended(before, after) and (began := after.progress.started_at) is not None:
        past = replace(past, drains=past.drains.with_one(_took(began, now)))
    return past


def _with_wait(
    known: Leaving, was: HostRecord, host: HostRecord, drain: Drain, now: datetime
) -> Leaving:
    """What became of a host's sessions from when the drain was asked for until its turn came."""
    if host.phase is Phase.QUEUED or host.ended or host.sessions_count is None:
        return known
    zone, left = drain.control.zone, host.sessions_count
    return with_wait(known, was.sessions_count or 0, left, was.since, now, zone)


def _pairs(before: Drain, after: Drain) -> Iterator[tuple[HostRecord, HostRecord]]:
    """Each host that changed, as it was and as it is."""
    if before.hosts is after.hosts:
        return
    was = {host.key: host for host in before.hosts}
    for host in after.hosts:
        known = was.get(host.key)
        if known is not None and known is not host:
            yield known, host


def _is_news(was: HostRecord, host: HostRecord) -> bool:
    return (
        (host.phase is not was.phase and (was.phase is not Phase.QUEUED or not host.ended))
        or host.maintenance is not was.maintenance
        or (was.phase is Phase.DRAINING and _keys(was) != _keys(host))
    )


def _has_ended(before: Drain, after: Drain) -> bool:
    return after.progress.status in (Status.SUCCEEDED, Status.FAILED) and (
        before.progress.status not in ENDED
    )


def _keys(host: HostRecord) -> frozenset[str]:
    return frozenset(session.key for session in (*host.sessions, *host.missed))


def _stays(
    was: HostRecord, host: HostRecord, now: datetime
) -> Iterator[tuple[Stay, datetime | None]]:
    """Sessions that ended while the host was drained, with when they were signed out, if they were; and
    those that stayed when it was given up."""
    if was.phase is not Phase.DRAINING:
        return
    here = _keys(host)
    missed = {session.key for session in was.missed}
    for session in (*was.sessions, *was.missed):
        if session.key in here:
            continue
        seen = was.sessions_changed_at
        gone_at = seen if session.key in missed and seen is not None else now
        yield _stay(host, session, gone_at, ended=True), session.signed_out_at
    if host.phase is Phase.RESTORING:
        for session in host.sessions:
            yield _stay(host, session, now, ended=False), None


def _stay(host: HostRecord, session: SessionRecord, until: datetime, *, ended: bool) -> Stay:
    """A session that was signed out says only that it would have stayed for so long."""
    began = host.effective_at or host.out_at or session.first_seen_at
    since = max(began, session.first_seen_at)
    if session.signed_out_at is not None and session.signed_out_at < until:
        until, ended = session.signed_out_at, False
    return Stay(min(since, until), until, ended, session.disconnected_since)


def _emptied(was: HostRecord, host: HostRecord) -> datetime:
    """When its last session was seen to have ended."""
    at = host.sessions_changed_at or was.sessions_changed_at
    return at if at is not None else host.out_at or host.since


def _took(begun: datetime, ended: datetime) -> timedelta:
    return max(timedelta(0), ended - begun)
