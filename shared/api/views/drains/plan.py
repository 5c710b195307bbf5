"""What a drain would do."""

from datetime import datetime
from typing import Any

from shared.api.views.drains.expected import ExpectedView, expected_view
from shared.core.start.plan import PlannedHost as Planned
from shared.engine.drains.intake import Preview
from shared.wire.derived import as_written
from shared.wire.views.words import Time, View, time


class LimitView(View):
    """What a limit allows now."""

    name: str
    """Which limit it is."""
    free: int
    """How many more hosts it lets out now."""
    text: str
    """Where that comes from."""


class PlannedHost(View):
    """A host in its turn. `backBy` is null where it waits for users as long as it takes. `cannotGo`: why
    it cannot go as things are; then it has no times, and `batch` is 0."""

    name: str
    """The session host's name."""
    batch: int
    """With which others it goes out, counted from 1."""
    status: str
    """What the service says of it now."""
    users: list[str]
    """Who is on it."""
    outFrom: Time | None
    """When it may be out at the earliest."""
    backBy: Time | None
    """When it is back at the latest."""
    expectedEnd: ExpectedView | None
    """When it is expected to be back, if it were started now; null where it cannot go, and where no forecast could be
    made."""
    cannotGo: str | None
    """Why it cannot go."""


class ExcludedView(View):
    """A host that was selected and does not take part."""

    name: str
    """The session host's name."""
    code: str
    """Why, for machines."""
    text: str
    """Why, for people."""


class RightView(View):
    """Something that the app's identity may not do."""

    action: str
    """The action that is not allowed."""
    scope: str
    """Where."""


class PlannedMessage(View):
    """A message as it would read."""

    at: Time | None
    """When it would be sent."""
    language: str | None
    """Of a translation: its language."""
    title: str
    """As users would read it."""
    text: str
    """As users would read it."""


class PlanView(View):
    """What a drain would do."""

    hostPool: str
    """The host pool's resource id."""
    reason: str
    """Why it is asked for."""
    selection: str
    """Which hosts are asked for, in words."""
    timeZone: str
    """The time zone of its windows and messages."""
    policy: dict[str, Any]
    """The policy, with its defaults."""
    heldBy: str | None
    """What holds the whole drain back now."""
    expectedEnd: ExpectedView | None
    """When it would be expected to have ended, if it were started now; null if no forecast could be made."""
    limits: list[LimitView]
    """What each limit allows now."""
    hosts: list[PlannedHost]
    """The hosts in their order."""
    excluded: list[ExcludedView]
    """The hosts that were selected and don't take part."""
    missingRights: list[RightView] | None
    """What the app's identity may not do; null if that is not known."""
    missingRightsUnknown: str | None
    """Why it is not known."""
    messages: list[PlannedMessage]
    """The messages as they would read."""


def plan_view(preview: Preview) -> PlanView:
    """What a drain would do."""
    control, plan, forecast = preview.checked.drain.control, preview.plan, preview.forecast
    return {
        "hostPool": control.pool.resource_id,
        "reason": control.reason,
        "selection": control.selection,
        "timeZone": control.zone,
        "policy": as_written(control.policy),
        "heldBy": plan.held or None,
        "expectedEnd": expected_view(forecast.whole if forecast else None, control.asked.at),
        "limits": [
            {"name": limit.name, "free": max(0, limit.free), "text": limit.text}
            for limit in plan.limits
        ],
        "hosts": [_host(preview, host, control.asked.at) for host in plan.hosts],
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


def _host(preview: Preview, host: Planned, now: datetime) -> PlannedHost:
    """What the pool did before may show that a host is out sooner than by and large."""
    turn = None if host.cannot else preview.turns.get(host.name)
    starts = [at for at in (host.out_from, turn.out_from if turn else None) if at is not None]
    return {
        "name": host.name,
        "batch": host.batch,
        "status": host.status,
        "users": list(host.users),
        "outFrom": time(min(starts) if host.out_from is not None else None),
        "backBy": time(host.back_by),
        "expectedEnd": expected_view(turn.end if turn else None, now),
        "cannotGo": host.cannot or None,
    }
