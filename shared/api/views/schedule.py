"""Schedules, their runs, and what the next run would do."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NotRequired, TypedDict

from pydantic import with_config

from shared.api.views.campaign import DrainPlan
from shared.api.views.plan import plan_view
from shared.core.schedules.schedules import Run, RunState, Schedule
from shared.core.values.durations import format_duration
from shared.engine.drains.trial import Trial
from shared.wire.schedules import ScheduleBody
from shared.wire.views.words import CLOSED, Time, time


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


def schedule_view(
    schedule: Schedule, runs: Sequence[Run], coming: Sequence[datetime], warnings: Sequence[str]
) -> ScheduleView:
    """``runs``: the newest first; ``warnings``: what the last look ahead found amiss."""
    source: Literal["settings", "http"] = "settings" if schedule.from_file else "http"
    return {
        "name": schedule.name,
        "cron": schedule.cron,
        "timeZone": schedule.zone,
        "what": schedule.what.value,
        "request": _hidden(json.loads(schedule.request)),
        "exceptDates": [day.isoformat() for day in schedule.except_dates],
        "hasCalendar": bool(schedule.calendar),
        "missed": schedule.missed.value,
        "lateWithin": format_duration(schedule.late_within),
        "enabled": schedule.enabled,
        "reports": bool(schedule.report_to),
        "from": source,
        "changedBy": schedule.by or None,
        "changedAt": time(schedule.changed_at),
        "next": [str(time(at)) for at in coming],
        "lastRun": run_view(runs[0]) if runs else None,
        "warnings": [*warnings, *_of_last(runs[:1])],
    }


def _of_last(runs: Sequence[Run]) -> list[str]:
    """What the last run met: the estate may have changed since the schedule was made."""
    refused = [run for run in runs if run.state is RunState.REFUSED]
    refused += [run for run in runs if run.state is RunState.STARTING and run.text]
    return [f"the run of {time(run.at)}: {run.text}" for run in refused]


def _hidden(told: Any) -> Any:
    """Addresses may hold secrets: they are not shown again."""
    if isinstance(told, dict):
        return {k: "(hidden)" if k == "url" else _hidden(v) for k, v in told.items()}
    return [_hidden(each) for each in told] if isinstance(told, list) else told


def run_view(run: Run) -> RunView:
    return {
        "at": time(run.at),
        "state": run.state.value,
        "text": run.text or None,
        "drains": list(run.drains),
        "campaign": run.campaign or None,
        "hasReport": run.report is not None,
        "reportTaken": run.told or None,
    }


def schedule_plan_view(name: str, body: ScheduleBody, looked: Trial) -> SchedulePlan:
    return {
        "name": name,
        "faults": [f"{fault.target}: {fault.text}" for fault in looked.faults],
        "warnings": looked.warnings,
        "drains": [
            {
                "hostPool": drain.pool().resource_id,
                "refused": refused,
                "plan": plan_view(preview) if preview is not None else None,
            }
            for (_, drain), refused, preview in zip(
                body.drains(), looked.refused, looked.previews, strict=True
            )
        ],
    }
