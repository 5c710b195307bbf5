"""What lies ahead of a host that is out, from what its record tells."""

from datetime import datetime

from shared.core.drain.model import Control
from shared.core.forecast.leaving import Group, Kind
from shared.core.forecast.stages import Ahead, Part
from shared.core.host.host import HostRecord
from shared.core.host.phases import Phase
from shared.core.host.sessions import SessionRecord
from shared.core.users.deadlines import due_at, is_protected

_ALIKE = 120.0
"""Ages that differ by less are told as one."""


def left_of(ahead: Ahead, host: HostRecord) -> Part:
    """Seconds from now until the host, which is out, has ended."""
    control, now = ahead.control, ahead.now
    noted = host.maintenance
    match host.phase:
        case Phase.RESTORING:
            if host.attention:
                return Part(None, why=host.attention)
            since = noted.finished_at or host.since
            return ahead.restoring(_since(since, now), maintained=noted.finished_at is not None)
        case Phase.VERIFYING:
            return ahead.back(_since(noted.finished_at or host.since, now))
        case Phase.MAINTAINING:
            elapsed = _since(noted.begun_at or host.since, now)
            if control.released(host.key) is not None and control.policy.maintenance.held:
                return ahead.back()
            return ahead.maintaining(elapsed).then(ahead.back(), ahead.draws)
        case Phase.EMPTY:
            return ahead.after_empty
        case _:
            return _draining(ahead, host)


def _draining(ahead: Ahead, host: HostRecord) -> Part:
    control, now = ahead.control, ahead.now
    sessions = host.sessions
    if not sessions:
        known = host.sessions_count or 0
        groups = [Group(known, Kind.ANY, 0.0)] if known and host.empty_since is None else []
    else:
        groups = _groups(control, host, now)
    due = due_at(control, host, now)
    protected = any(is_protected(control, session) for session in sessions)
    within = 0.0 if due is None else max(0.0, (due - now).total_seconds())
    return ahead.leaving(groups, now, within, protected=protected)


def _groups(control: Control, host: HostRecord, now: datetime) -> list[Group]:
    """The host's sessions, those together that are alike."""
    found: dict[tuple[Kind, float], list[SessionRecord]] = {}
    began = host.effective_at or host.out_at or host.since
    for session in host.sessions:
        age = _since(max(began, session.first_seen_at), now)
        kind = Kind.CONNECTED if session.disconnected_since is None else Kind.DISCONNECTED
        found.setdefault((kind, age - age % _ALIKE), []).append(session)
    return [
        Group(len(those), kind, age, within=_signed_out_within(control, those, now))
        for (kind, age), those in found.items()
    ]


def _signed_out_within(control: Control, sessions: list[SessionRecord], now: datetime) -> float:
    """When the policy signs these out before the deadline, as they are disconnected; infinite: not."""
    limit, warned = control.policy.disconnected_for, control.policy.warn_at_least
    latest = 0.0
    for each in sessions:
        if limit is None or each.disconnected_since is None or is_protected(control, each):
            return float("inf")
        at = max(each.disconnected_since + limit, (each.warned_at or now) + warned)
        latest = max(latest, (at - now).total_seconds())
    return latest


def _since(then: datetime, now: datetime) -> float:
    return max(0.0, (now - then).total_seconds())
