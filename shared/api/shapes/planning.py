"""What a drain would do."""

from typing import Any, TypedDict

from pydantic import with_config

from shared.wire.views.words import CLOSED, Time


@with_config(CLOSED)
class LimitView(TypedDict):
    """What a limit allows now."""

    name: str
    free: int
    text: str


@with_config(CLOSED)
class PlannedHost(TypedDict):
    """A host in its turn. `backBy` is null where it waits for users as long as it takes. `cannotGo`: why
    it cannot go as things are; then it has no times, and `wave` is 0."""

    name: str
    wave: int
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
