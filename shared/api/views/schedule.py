"""Schedules, their runs, and what the next run would do."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, TypedDict

from pydantic import Field

from shared.api.views.campaign import DrainPlan, drain_plan
from shared.api.views.page import page_of
from shared.core.schedules.schedules import Run, RunState, Schedule
from shared.core.values.durations import format_duration
from shared.engine.drains.trial import Trial
from shared.wire.schedules import ScheduleBody
from shared.wire.views.words import CLOSED, Time, View, time


class SchedulePlan(View):
    """What the next run of a schedule would do: `faults` would keep a drain from being started."""

    name: str
    """The schedule's name."""
    faults: list[str]
    """What would keep a drain from being started."""
    warnings: list[str]
    """What may keep a drain from being started."""
    drains: list[DrainPlan]
    """What each of its drains would do."""


class RunView(View):
    """A moment of a schedule, and what came of it."""

    at: Time | None
    """The moment that it is the run of."""
    state: Literal["starting", "running", "ended", "skipped", "refused"]
    """How far it is."""
    text: str | None
    """Why it was skipped or refused, or what keeps it from beginning."""
    drains: list[str]
    """The ids of the drains that it started."""
    campaign: str | None
    """The id of the campaign that it started."""
    hasReport: bool
    """Whether its report can be read."""
    reportTaken: str | None
    """What came of posting the report."""


ScheduleView = TypedDict(
    "ScheduleView",
    {
        "name": Annotated[str, Field(description="its name")],
        "cron": Annotated[str, Field(description="when: five fields of cron")],
        "timeZone": Annotated[str, Field(description="the time zone of these")],
        "what": Annotated[Literal["drain", "campaign"], Field(description="what is run")],
        "request": Annotated[
            dict[str, Any], Field(description="the request for it; addresses in it are hidden")
        ],
        "exceptDates": Annotated[list[str], Field(description="days on which nothing is run")],
        "hasCalendar": Annotated[
            bool, Field(description="whether a calendar says on which days nothing is run")
        ],
        "missed": Annotated[
            Literal["runLate", "skip"],
            Field(description="what becomes of a run whose time nobody saw to"),
        ],
        "lateWithin": Annotated[str, Field(description="how late such a run may be")],
        "enabled": Annotated[bool, Field(description="whether it runs at its moments")],
        "reports": Annotated[bool, Field(description="whether its reports are posted somewhere")],
        "from": Annotated[Literal["settings", "http"], Field(description="where it comes from")],
        "changedBy": Annotated[str | None, Field(description="who changed it last")],
        "changedAt": Annotated[Time | None, Field(description="when it was changed last")],
        "next": Annotated[list[str], Field(description="its coming moments")],
        "lastRun": Annotated[RunView | None, Field(description="its last run")],
        "warnings": Annotated[
            list[str], Field(description="what may keep its next run from going well")
        ],
    },
)
ScheduleView.__doc__ = (
    "A schedule; `next` are its coming moments, days that are left out not looked at."
)
ScheduleView.__pydantic_config__ = CLOSED  # type: ignore[attr-defined]


ScheduleList = page_of("ScheduleList", ScheduleView, "Schedules, by name.")
RunList = page_of("RunList", RunView, "The runs of a schedule, the newest first.")


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


def _hidden(value: Any) -> Any:
    """Addresses may hold secrets: they are not shown again."""
    if isinstance(value, dict):
        return {k: "(hidden)" if k == "url" else _hidden(v) for k, v in value.items()}
    return [_hidden(each) for each in value] if isinstance(value, list) else value


def run_view(run: Run) -> RunView:
    return {
        "at": time(run.at),
        "state": run.state.value,
        "text": run.text or None,
        "drains": list(run.drains),
        "campaign": run.campaign or None,
        "hasReport": run.report is not None,
        "reportTaken": run.report_taken or None,
    }


def schedule_plan_view(name: str, body: ScheduleBody, looked: Trial) -> SchedulePlan:
    return {
        "name": name,
        "faults": [f"{fault.target}: {fault.text}" for fault in looked.faults],
        "warnings": looked.warnings,
        "drains": [
            drain_plan(drain, refused, preview)
            for (_, drain), refused, preview in zip(
                body.drains(), looked.refused, looked.previews, strict=True
            )
        ],
    }
