"""What a drain would do."""

from typing import Any, TypedDict

from pydantic import with_config

from shared.engine.drains.intake import Preview
from shared.wire.derived import as_written
from shared.wire.views.words import CLOSED, Time, time


@with_config(CLOSED)
class LimitView(TypedDict):
    """What a limit allows now."""

    name: str
    free: int
    text: str


@with_config(CLOSED)
class PlannedHost(TypedDict):
    """A host in its turn. `backBy` is null where it waits for users as long as it takes. `cannotGo`: why
    it cannot go as things are; then it has no times, and `batch` is 0."""

    name: str
    batch: int
    status: str
    users: list[str]
    outFrom: Time | None
    backBy: Time | None
    cannotGo: str | None


@with_config(CLOSED)
class ExcludedView(TypedDict):
    name: str
    code: str
    text: str


@with_config(CLOSED)
class RightView(TypedDict):
    action: str
    scope: str


@with_config(CLOSED)
class PlannedMessage(TypedDict):
    at: Time | None
    language: str | None
    title: str
    text: str


@with_config(CLOSED)
class PlanView(TypedDict):
    """What a drain would do."""

    hostPool: str
    reason: str
    selection: str
    timeZone: str
    policy: dict[str, Any]
    heldBy: str | None
    limits: list[LimitView]
    hosts: list[PlannedHost]
    excluded: list[ExcludedView]
    missingRights: list[RightView] | None
    missingRightsUnknown: str | None
    messages: list[PlannedMessage]


def plan_view(preview: Preview) -> PlanView:
    """What a drain would do."""
    control, plan = preview.checked.drain.control, preview.plan
    return {
        "hostPool": control.pool.resource_id,
        "reason": control.reason,
        "selection": control.selection,
        "timeZone": control.zone,
        "policy": as_written(control.policy),
        "heldBy": plan.held or None,
        "limits": [
            {"name": limit.name, "free": max(0, limit.free), "text": limit.text}
            for limit in plan.limits
        ],
        "hosts": [
            {
                "name": host.name,
                "batch": host.batch,
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
