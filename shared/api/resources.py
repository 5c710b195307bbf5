"""Drains as callers see them: plain JSON, times RFC 3339 in UTC, durations ISO 8601."""

import base64
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from shared.api.derived import as_written
from shared.core.deadlines import due_at
from shared.core.durations import format_duration
from shared.core.host import HostRecord
from shared.core.model import Control, Drain, Entry
from shared.core.orders import Order
from shared.core.policy import Policy
from shared.core.status import ENDED
from shared.engine.claims import PoolClaim
from shared.engine.intake import Preview
from shared.ports import Summary


def drain_resource(drain: Drain, now: datetime) -> dict[str, Any]:
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
        "selection": control.selection,
        "timeZone": control.zone,
        "paused": _pause(control),
        "extensions": [
            {**(_order(e.asked) or {}), "more": format_duration(e.by), "hosts": sorted(e.hosts)}
            for e in control.extensions
        ],
        "cancelAsked": _order(control.cancel),
        "releaseAsked": _order(control.release_all),
        "policy": policy_resource(control.policy),
        "summary": dict(sorted(phases.items())),
        "attention": [f"{h.name}: {h.attention}" for h in drain.hosts if h.attention],
        "hosts": [_host(control, host, now) for host in drain.hosts],
    }
    if progress.trouble:
        found["trouble"] = {"text": progress.trouble, "since": _time(progress.trouble_since)}
    return found


def policy_resource(policy: Policy) -> dict[str, Any]:
    """A policy as it would be written in a request."""
    found: dict[str, Any] = as_written(policy)
    return found


def claim_resource(found: PoolClaim) -> dict[str, Any]:
    """A host that is not as it was, or not for sure, and what is known of it."""
    claim = found.claim
    state = "out" if claim.out else "keptDrained" if claim.kept else "putBackByWatchdog"
    return {
        "host": claim.name,
        "hostPool": found.pool.resource_id,
        "state": state,
        "drain": claim.drain,
        "since": _time(claim.restored_at or claim.claimed_at),
        "restoreBy": _time(claim.restore_by),
        "allowNewSessionBefore": claim.before,
        "note": claim.note or None,
    }


def plan_resource(preview: Preview) -> dict[str, Any]:
    """What a drain would do."""
    control, plan = preview.checked.drain.control, preview.plan
    return {
        "hostPool": control.pool.resource_id,
        "reason": control.reason,
        "selection": control.selection,
        "timeZone": control.zone,
        "policy": policy_resource(control.policy),
        "heldBy": plan.held or None,
        "limits": [
            {"name": limit.name, "free": max(0, limit.free), "text": limit.text}
            for limit in plan.limits
        ],
        "hosts": [
            {
                "name": host.name,
                "wave": host.wave,
                "status": host.status,
                "users": list(host.users),
                "outFrom": _time(host.out_from),
                "backBy": _time(host.back_by),
            }
            for host in plan.hosts
        ],
        "excluded": [
            {"name": e.name, "code": e.code, "text": e.text} for e in preview.checked.excluded
        ],
        "missingRights": None
        if preview.unknown
        else [{"action": m.action, "scope": m.scope} for m in preview.missing],
        "missingRightsUnknown": preview.unknown or None,
        "messages": [
            {"at": _time(m.at), "language": m.language or None, "title": m.title, "text": m.text}
            for m in plan.messages
        ],
    }


def etag(drain: Drain) -> str:
    """It changes with every order that is given, not with the drain's progress: so an order can
    be made conditional on what has been asked so far."""
    return f'"{base64.urlsafe_b64encode(drain.version.encode()).decode()}"'


def version_of(tag: str) -> str:
    """The version that an ETag names; ``*`` for any, and nothing that exists for what is none."""
    if tag == "*":
        return tag
    try:
        return base64.urlsafe_b64decode(tag.strip('"').encode()).decode()
    except ValueError:
        return ""


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


def _host(control: Control, host: HostRecord, now: datetime) -> dict[str, Any]:
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
        "exclusionTag": None
        if host.tag is None or not host.tag.name
        else {
            "name": host.tag.name,
            "before": host.tag.before if host.tag.present else None,
            "setByUs": host.tag.asked,
            "note": host.tag.trouble or host.tag.note or None,
        },
        "powerStateBefore": host.stopped_before or None,
        "maintenance": {
            "begunAt": _time(host.maintenance.begun_at),
            "finishedAt": _time(host.maintenance.finished_at),
            "output": host.maintenance.output or None,
        },
        "batch": None if host.batch is None else host.batch + 1,
        "outSince": _time(host.out_at) if out else None,
        "deadline": _time(due_at(control, host, now)) if out else None,
        "outcome": None
        if host.ending is None or not host.ended
        else {"code": host.ending.code, "text": host.ending.text},
        "attention": host.attention or None,
        "users": [
            {
                "user": s.user,
                "state": s.state,
                "since": _time(s.first_seen_at),
                "disconnectedSince": _time(s.disconnected_since),
                "warnedAt": _time(s.warned_at),
                "signedOutAt": _time(s.signed_out_at),
                "refused": s.refused or None,
            }
            for s in host.sessions
        ],
        "messages": [
            {
                "user": d.user,
                "at": _time(d.at),
                "message": d.message,
                "language": d.language or None,
                "result": d.result,
            }
            for d in host.deliveries
        ],
    }


def _pause(control: Control) -> dict[str, Any] | None:
    pause = control.paused
    if pause is None:
        return None
    return {**(_order(pause.asked) or {}), "stopClocks": pause.stop_clocks}


def _order(order: Order | None) -> dict[str, Any] | None:
    if order is None:
        return None
    return {"by": order.by, "at": _time(order.at), "why": order.why}


def _time(at: datetime | None) -> str | None:
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
