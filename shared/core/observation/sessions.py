"""What is remembered of the sessions on one host, from one look to the next."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from shared.core.host.host import HostRecord, SessionRecord
from shared.core.observation.seen import SessionSeen

DISCONNECTED = "Disconnected"


def track(host: HostRecord, found: Iterable[SessionSeen], now: datetime) -> HostRecord:
    """Keep what is known of sessions that are still there, add new ones, forget those that two
    listings lack. The service does not tell since when a session is disconnected: we remember."""
    known = {record.key: record for record in (*host.missed, *host.sessions)}
    tracked = []
    seen = set[str]()
    for session in found:
        fresh = SessionRecord(
            session.id, session.user, session.created_at, session.state, now,
            account=session.account,
        )  # fmt: skip
        if fresh.key in seen:  # pages by offset show one twice while others sign in
            continue
        seen.add(fresh.key)
        record = known.get(fresh.key, fresh)
        since = (record.disconnected_since or now) if session.state == DISCONNECTED else None
        if (session.state, since) != (record.state, record.disconnected_since):
            record = replace(record, state=session.state, disconnected_since=since)
        tracked.append(record)
    missed = tuple(record for record in host.sessions if record.key not in seen)
    if (tuple(tracked), missed) == (host.sessions, host.missed) and host.sessions_count == len(
        tracked
    ):
        return host
    return replace(host, sessions=tuple(tracked), missed=missed, sessions_count=len(tracked))


def find(host: HostRecord, key: str) -> SessionRecord | None:
    return next((record for record in host.sessions if record.key == key), None)


def put(host: HostRecord, changed: SessionRecord) -> HostRecord:
    """The host with one session's record changed; unchanged if that session has ended."""
    records = tuple(changed if r.key == changed.key else r for r in host.sessions)
    return replace(host, sessions=records)
