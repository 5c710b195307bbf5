"""Drains as callers see them: plain JSON, times RFC 3339 in UTC, durations ISO 8601."""

import base64
from collections import Counter
from datetime import datetime
from typing import Any, Literal

from shared.api import shapes
from shared.api.web import Response
from shared.core.drain.model import Control, Drain, Maintained
from shared.core.events.heard import Heard
from shared.core.host.host import HostRecord
from shared.core.host.orders import Order
from shared.core.host.status import ENDED
from shared.core.observation.attempts import Attempts
from shared.core.observation.seen import HostSeen
from shared.core.policy.policy import Policy
from shared.core.users.deadlines import due_at
from shared.core.values.durations import format_duration
from shared.engine.drains.claims import PoolClaim
from shared.engine.drains.intake import Preview
from shared.ports import Summary
from shared.wire.derived import as_written
from shared.wire.views.ending import attention, outcome
from shared.wire.views.words import time


def drain_resource(drain: Drain, now: datetime) -> shapes.DrainView:
    """A drain with every host's phase, sessions, and what it waits for since when."""
    control, progress = drain.control, drain.progress
    phases = Counter(str(host.phase) for host in drain.hosts)
    found: shapes.DrainView = {
        "id": drain.id,
        "status": progress.status.value,
        "hostPool": control.pool.resource_id,
        "reason": control.reason,
        "askedBy": control.asked.by,
        "cause": _cause(control),
        "askedAt": time(control.asked.at),
        "startedAt": time(progress.started_at),
        "endedAt": time(progress.ended_at),
        "looksAgainAt": time(progress.look_at),
        "selection": control.selection,
        "timeZone": control.zone,
        "paused": _pause(control),
        "extensions": [
            {**_order(e.asked), "more": format_duration(e.by), "hosts": sorted(e.hosts)}
            for e in control.extensions
        ],
        "cancelAsked": _order(control.cancel) if control.cancel else None,
        "releaseAsked": _order(control.release_all) if control.release_all else None,
        "policy": policy_resource(control.policy),
        "summary": dict(sorted(phases.items())),
        "attention": attention(drain),
        "hosts": [_host(control, host, now) for host in drain.hosts],
    }
    if progress.trouble:
        found["trouble"] = {"text": progress.trouble, "since": time(progress.trouble_since)}
    return found


def policy_resource(policy: Policy) -> dict[str, Any]:
    """A policy as it would be written in a request."""
    found: dict[str, Any] = as_written(policy)
    return found


def claim_resource(found: PoolClaim) -> shapes.ClaimView:
    """A host that is not as it was, or not for sure, and what is known of it."""
    claim = found.claim
    state: Literal["out", "keptDrained", "putBackByWatchdog"]
    state = "out" if claim.out else "keptDrained" if claim.kept else "putBackByWatchdog"
    return {
        "host": claim.name,
        "hostPool": found.pool.resource_id,
        "state": state,
        "drain": claim.drain,
        "since": time(claim.restored_at or claim.claimed_at),
        "restoreBy": time(claim.restore_by),
        "allowNewSessionBefore": claim.before,
        "note": claim.note or None,
    }


def plan_resource(preview: Preview) -> shapes.PlanView:
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
                "outFrom": time(host.out_from),
                "backBy": time(host.back_by),
                "cannotGo": host.cannot or None,
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
            {"at": time(m.at), "language": m.language or None, "title": m.title, "text": m.text}
            for m in plan.messages
        ],
    }


def shown(drain: Drain, now: datetime) -> Response:
    """200 with a drain, its version, and when asking again may show something new."""
    headers = {"Retry-After": retry_after(drain, now), "ETag": etag(drain)}
    return Response(200, drain_resource(drain, now), headers)


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


def summary_resource(summary: Summary) -> shapes.SummaryView:
    return {
        "id": summary.id,
        "status": summary.status.value,
        "hostPool": summary.pool,
        "reason": summary.reason,
        "askedAt": time(summary.asked_at),
    }


def retry_after(drain: Drain, now: datetime) -> str:
    """Seconds in which asking again may show something new; from 1 to 60."""
    look_at = drain.progress.look_at
    if drain.progress.status in ENDED or look_at is None:
        return "1"
    return str(min(60, max(1, round((look_at - now).total_seconds()) + 1)))


def overdue_resource(
    host: HostSeen, done: Maintained | None, failed: Attempts | None = None
) -> shapes.OverdueView:
    took = done.took.total_seconds() if done is not None and done.took is not None else None
    return {
        "host": host.name,
        "maintainedAt": time(done.at) if done is not None else None,
        "tookSeconds": took,
        "failures": failed.failures if failed is not None else 0,
        "lastFailedAt": time(failed.last_at) if failed is not None else None,
        "lastFailure": failed.text if failed is not None else None,
        "setAside": failed is not None and failed.set_aside,
    }


def heard_resource(heard: Heard) -> shapes.HeardView:
    return {
        "at": time(heard.at),
        "type": heard.key.type,
        "id": heard.key.id,
        "subject": heard.key.subject,
        "outcome": heard.outcome.value,
        "text": heard.text,
        "drain": heard.drain or None,
        "until": time(heard.until),
    }


def _host(control: Control, host: HostRecord, now: datetime) -> shapes.HostView:
    out = host.out_at is not None and not host.ended
    wait = host.wait if not host.ended else None
    released, skipped = control.released(host.key), control.skips.get(host.key)
    return {
        "name": host.name,
        "phase": host.phase.value,
        "since": time(host.since),
        "sessions": host.sessions_count,
        "waitsFor": None
        if wait is None
        else {"code": wait.code, "text": f"waits for {wait.text}", "since": time(wait.since)},
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
            "begunAt": time(host.maintenance.begun_at),
            "finishedAt": time(host.maintenance.finished_at),
            "output": host.maintenance.output or None,
        },
        "batch": None if host.batch is None else host.batch + 1,
        "outSince": time(host.out_at) if out else None,
        "deadline": time(due_at(control, host, now)) if out else None,
        "outcome": outcome(host),
        "attention": host.attention or None,
        "releaseAsked": _order(released) if released is not None else None,
        "skipAsked": _order(skipped) if skipped is not None else None,
        "users": [
            {
                "user": s.user,
                "state": s.state,
                "since": time(s.first_seen_at),
                "disconnectedSince": time(s.disconnected_since),
                "warnedAt": time(s.warned_at),
                "signedOutAt": time(s.signed_out_at),
                "refused": s.refused or None,
            }
            for s in host.sessions
        ],
        "messages": [
            {
                "user": d.user,
                "at": time(d.at),
                "message": d.message,
                "language": d.language or None,
                "result": d.result,
            }
            for d in host.deliveries
        ],
    }


def _cause(control: Control) -> shapes.CauseView | None:
    cause = control.cause
    if cause is None:
        return None
    return {"rule": cause.rule, "source": cause.source, "about": cause.about or None}


def _pause(control: Control) -> shapes.PauseView | None:
    pause = control.paused
    if pause is None:
        return None
    return {**_order(pause.asked), "stopClocks": pause.stop_clocks}


def _order(order: Order) -> shapes.OrderView:
    return {"by": order.by, "at": time(order.at), "why": order.why}
