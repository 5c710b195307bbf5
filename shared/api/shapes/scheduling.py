"""Campaigns and schedules, as callers see them."""

from typing import Any, Literal, NotRequired, TypedDict

from pydantic import with_config

from shared.api.shapes.planning import PlanView
from shared.wire.views.words import CLOSED, StatusWord, Time


@with_config(CLOSED)
class SlotView(TypedDict):
    hostPool: str
    drain: str | None
    status: StatusWord
    text: str | None


@with_config(CLOSED)
class WaveView(TypedDict):
    name: str
    sideBySide: int | None
    failures: int
    drains: list[SlotView]


@with_config(CLOSED)
class NotedView(TypedDict):
    at: Time | None
    what: str


@with_config(CLOSED)
class CampaignView(TypedDict):
    """A campaign: `stopped` says why no further wave begins."""

    id: str
    status: StatusWord
    reason: str
    askedBy: str
    askedAt: Time | None
    startedAt: Time | None
    endedAt: Time | None
    paused: bool
    stopped: str | None
    waves: list[WaveView]
    history: list[NotedView]


@with_config(CLOSED)
class CampaignList(TypedDict):
    value: list[CampaignView]
    nextLink: NotRequired[str]


@with_config(CLOSED)
class DrainPlan(TypedDict):
    """What one drain of a campaign would do, or why it would be refused."""

    hostPool: str
    refused: list[str]
    plan: PlanView | None


@with_config(CLOSED)
class WavePlan(TypedDict):
    name: str
    drains: list[DrainPlan]


@with_config(CLOSED)
class CampaignPlan(TypedDict):
    """The whole night on one page."""

    reason: str
    waves: list[WavePlan]


@with_config(CLOSED)
class SchedulePlan(TypedDict):
    """What the next run of a schedule would do: `faults` would keep a drain from being started."""

    name: str
    faults: list[str]
    warnings: list[str]
    drains: list[DrainPlan]


@with_config(CLOSED)
class RunView(TypedDict):
    """A moment of a schedule, and what came of it."""

    at: Time | None
    state: Literal["starting", "running", "ended", "skipped", "refused"]
    text: str | None
    drains: list[str]
    campaign: str | None
    hasReport: bool
    reportTaken: str | None


ScheduleView = TypedDict(
    "ScheduleView",
    {
        "name": str,
        "cron": str,
        "timeZone": str,
        "what": Literal["drain", "campaign"],
        "request": dict[str, Any],
        "exceptDates": list[str],
        "hasCalendar": bool,
        "missed": Literal["runLate", "skip"],
        "lateWithin": str,
        "enabled": bool,
        "reports": bool,
        "from": Literal["settings", "http"],
        "changedBy": str | None,
        "changedAt": Time | None,
        "next": list[str],
        "lastRun": RunView | None,
        "warnings": list[str],
    },
)
"""A schedule; `next` are its coming moments, days that are left out not looked at."""
ScheduleView.__pydantic_config__ = CLOSED  # type: ignore[attr-defined]


@with_config(CLOSED)
class ScheduleList(TypedDict):
    value: list[ScheduleView]
    nextLink: NotRequired[str]


@with_config(CLOSED)
class RunList(TypedDict):
    value: list[RunView]
    nextLink: NotRequired[str]


@with_config(CLOSED)
class OverdueView(TypedDict):
    """A host, and when it was last maintained: null if that is not known. `failures` counts those in a
    row since then; a host that is `setAside` is left out by runs that take hosts in turn."""

    host: str
    maintainedAt: Time | None
    tookSeconds: float | None
    failures: int
    lastFailedAt: Time | None
    lastFailure: str | None
    setAside: bool


@with_config(CLOSED)
class OverdueList(TypedDict):
    value: list[OverdueView]
