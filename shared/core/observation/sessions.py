"""What is remembered of the user sessions on one host from one look to the next."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from shared.core.host.host import HostRecord
from shared.core.host.sessions import SessionRecord
from shared.core.observation.seen import SessionSeen

DISCONNECTED = "Disconnected"


def track(host: HostRecord, found: Iterable[SessionSeen], now: datetime) -> HostRecord:
    """The host with the sessions that a listing ``found``. Known sessions keep their records, new
    ones get one, and those that two listings lack are forgotten. The service does not report how
    long a session has been disconnected, so this remembers it."""
    known = (*host.sessions, *host.missed)
    tracked: list[SessionRecord] = []
    here = set[str]()
    for session in found:
        fresh = SessionRecord(
            session.id, session.user, session.created_at, session.state, now,
            account=session.account,
        )  # fmt: skip
        if any(_same(fresh, other) for other in tracked):
            continue  # pages by offset may list a session twice while users sign in
        record = next((record for record in known if _same(fresh, record)), None)
        if record is not None:
            here.add(record.key)
        record = _merged(record, fresh) if record is not None else fresh
        since = (record.disconnected_since or now) if session.state == DISCONNECTED else None
        if (session.state, since) != (record.state, record.disconnected_since):
            record = replace(record, state=session.state, disconnected_since=since)
        tracked.append(record)
    missed = tuple(record for record in host.sessions if record.key not in here)
    if (tuple(tracked), missed) == (host.sessions, host.missed) and host.sessions_count == len(
        tracked
    ):
        return host
    return replace(
        host,
        sessions=tuple(tracked),
        sessions_changed_at=now,
        missed=missed,
        sessions_count=len(tracked),
    )


def _same(one: SessionRecord, other: SessionRecord) -> bool:
    """Whether two records are of the same session; one may know less than the other. A later
    session may get the id of an earlier one, but began at another time. A session without an id
    is the same only if its key is."""
    if not one.id or one.id != other.id:
        return one.key == other.key
    if one.created_at is not None and other.created_at is not None:
        return one.created_at == other.created_at
    return _alike(one.names, other.names)


def _alike(names: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether two sets of names may be those of one user: names of the same form (UPN or account)
    must be equal, if both sets have one of that form."""
    for form in ("@", "\\"):
        ours, theirs = ({n for n in known if form in n} for known in (names, others))
        if ours and theirs:
            return bool(ours & theirs)
    plain = all("@" not in n and "\\" not in n for n in (*names, *others))
    return not plain or not names or not others or bool({*names} & {*others})


def _merged(record: SessionRecord, fresh: SessionRecord) -> SessionRecord:
    """The remembered record, with what the fresh one knows in addition."""
    began, user = record.created_at or fresh.created_at, record.user or fresh.user
    account = record.account or fresh.account
    if (began, user, account) == (record.created_at, record.user, record.account):
        return record
    return replace(record, created_at=began, user=user, account=account)


def find(host: HostRecord, key: str) -> SessionRecord | None:
    """The session's record; None if it has ended. ``key`` as in ``SessionRecord.key``."""
    return next((record for record in host.sessions if record.key == key), None)


def put(host: HostRecord, changed: SessionRecord) -> HostRecord:
    """The host with one session's record replaced; unchanged if that session has ended."""
    records = tuple(changed if r.key == changed.key else r for r in host.sessions)
    return replace(host, sessions=records)
