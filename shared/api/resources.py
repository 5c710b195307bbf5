"""Drains as callers see them: plain JSON, times RFC 3339 in UTC, durations ISO 8601."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from shared.core.deadlines import due_at
from shared.core.durations import format_duration
from shared.core.model import Control, Drain, Entry, HostRecord, Order
from shared.core.policy import Policy
from shared.core.status import ENDED
from shared.ports import Summary


def drain_resource(drain: Drain) -> dict[str, Any]:
    """A drain with every host's phase, sessions, and what it waits for since when."""
    control, progress = drain.control, drain.progress
    phases = Counter(str(host.phase) for host in drain.hosts)
    found: dict[str, Any] = {
        "id": drain.id,
        "status": str(progress.status),
        "hostPool": control.pool.resource_id,
        "reason": control.reason,
        "askedBy": control.asked.by,
        "askedAt": _time(control.asked.at),
        "startedAt": _time(progress.started_at),
        "endedAt": _time(progress.ended_at),
        "looksAgainAt": _time(progress.look_at),
        "cancelAsked": _order(control.cancel),
        "releaseAsked": _order(control.release_all),
        "policy": policy_resource(control.policy),
        "summary": dict(sorted(phases.items())),
        "attention": [f"{h.name}: {h.attention}" for h in drain.hosts if h.attention],
        "hosts": [_host(control, host) for host in drain.hosts],
    }
    if progress.trouble:
        found["trouble"] = {"text": progress.trouble, "since": _time(progress.trouble_since)}
    return found


def policy_resource(policy: Policy) -> dict[str, Any]:
    """A policy as it would be written in a request."""
    hold = policy.maintenance
    amount = policy.max_unavailable
    maintenance = {"kind": str(hold.kind)}
    if hold.kind == "hold":
        maintenance["holdFor"] = format_duration(hold.hold_for)
    return {
        "maxUnavailable": str(amount) if amount.percent else amount.value,
        "deadline": format_duration(policy.deadline),
        "atDeadline": str(policy.at_deadline),
        "warnAtLeast": format_duration(policy.warn_at_least),
        "forceSignOut": policy.force_sign_out,
        "message": {"title": policy.message.title, "text": policy.message.text},
        "maintenance": maintenance,
        "healthyWithin": format_duration(policy.healthy_within),
    }


def summary_resource(summary: Summary) -> dict[str, Any]:
    return {
        "id": summary.id,
        "status": str(summary.status),
        "hostPool": summary.pool,
        "reason": summary.reason,
        "askedAt": _time(summary.asked_at),
    }


def entry_resource(entry: Entry) -> dict[str, Any]:
    return {
        "at": _time(entry.at),
        "what": entry.what,
        "host": entry.host or None,
        "by": entry.by,
        "why": entry.why,
    }


def retry_after(drain: Drain, now: datetime) -> str:
    """Seconds in which asking again may show something new; from 1 to 60."""
    look_at = drain.progress.look_at
    if drain.progress.status in ENDED or look_at is None:
        return "1"
    return str(min(60, max(1, round((look_at - now).total_seconds()) + 1)))


def _host(control: Control, host: HostRecord) -> dict[str, Any]:
    out = host.out_at is not None and not host.ended
    wait = host.wait if not host.ended else None
    return {
        "name": host.name,
        "phase": str(host.phase),
        "since": _time(host.since),
        "sessions": host.sessions_count,
        "waitsFor": None
        if wait is None
        else {"code": wait.code, "text": f"waits for {wait.text}", "since": _time(wait.since)},
        "allowNewSessionBefore": host.before,
        "outSince": _time(host.out_at) if out else None,
        "deadline": _time(due_at(control, host)) if out else None,
        "outcome": None
        if host.ending is None or not host.ended
        else {"code": host.ending.code, "text": host.ending.text},
        "attention": host.attention or None,
        "users": [
            {
                "user": s.user,
                "state": s.state,
                "since": _time(s.first_seen_at),
                "warnedAt": _time(s.warned_at),
                "signedOutAt": _time(s.signed_out_at),
                "refused": s.refused or None,
            }
            for s in host.sessions
        ],
    }


def _order(order: Order | None) -> dict[str, Any] | None:
    if order is None:
        return None
    return {"by": order.by, "at": _time(order.at), "why": order.why}


def _time(at: datetime | None) -> str | None:
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
