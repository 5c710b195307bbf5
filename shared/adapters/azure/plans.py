"""Turns the service's JSON of scaling plans into the core's records."""

import logging
from collections.abc import Mapping
from datetime import time
from typing import Any

from shared.adapters.azure.desktops import WEEKDAYS
from shared.adapters.azure.fields import number, properties, text, word
from shared.adapters.azure.zones import iana
from shared.core.observation.seen import PlanPhase, PlanSeen
from shared.core.values.hostpool import HostPoolId

log = logging.getLogger(__name__)

_PHASES = (("ramp-up", "rampUp", "rampUp"), ("peak", "peak", "rampUp"),
           ("ramp-down", "rampDown", "rampDown"), ("off-peak", "offPeak", "rampDown"))  # fmt: skip
"""Of each phase: its name, the field that holds its start, and the field that holds the minimum and
the threshold in force during it."""


def plan_seen(item: Mapping[str, Any], pool: HostPoolId) -> PlanSeen:
    """A plan, and whether it is enabled on this pool: it is, unless it says that it is not. Raises
    ValueError, TypeError or AttributeError if it cannot be read."""
    raw = properties(item)
    tag = raw.get("exclusionTag")
    if not isinstance(tag, str | None):
        raise ValueError("an exclusion tag that is no text")
    return PlanSeen(
        name=text(item.get("name")),
        enabled=not _is_off(raw.get("hostPoolReferences"), pool.resource_id.lower()),
        exclusion_tag=text(tag),
        zone=iana(text(raw.get("timeZone"))),
        phases=_schedules(raw.get("schedules")),
    )


def _is_off(references: Any, pool: str) -> bool:
    """Whether what the plan says of the pool is that it is not enabled there."""
    ours = [
        reference.get("scalingPlanEnabled")
        for reference in references or ()
        if text(reference.get("hostPoolArmPath")).lower().rstrip("/") == pool
    ]
    return bool(ours) and all(told is False or text(told).lower() == "false" for told in ours)


def _schedules(told: Any) -> tuple[PlanPhase, ...] | None:
    """The phases of all schedules. None: they cannot be read, so nobody knows what the plan keeps available."""
    try:
        return tuple(phase for schedule in told for phase in _phases(schedule))
    except (ValueError, TypeError, AttributeError):
        log.warning("the schedules of a scaling plan cannot be read")
        return None


def _phases(schedule: Mapping[str, Any]) -> list[PlanPhase]:
    """Raises ValueError, TypeError or AttributeError for a schedule of another shape."""
    days = [word(day, WEEKDAYS) for day in schedule.get("daysOfWeek") or ()]
    weekdays = frozenset(WEEKDAYS.index(day) for day in days)
    found = []
    for name, start, rules in _PHASES:
        at = schedule.get(f"{start}StartTime")
        if at is not None:
            minimum = _percent(schedule, f"{rules}MinimumHostsPct", 0)
            threshold = _percent(schedule, f"{rules}CapacityThresholdPct", 100)
            hour, minute = number(at.get("hour")), number(at.get("minute", 0))
            if hour is None or minute is None:
                raise ValueError("a phase that begins at no time")
            found.append(PlanPhase(name, weekdays, time(hour, minute), minimum, threshold))
    return found


def _percent(schedule: Mapping[str, Any], field: str, usual: int) -> int:
    """A percentage, the usual one if the schedule has none. Raises ValueError if it is no number."""
    if schedule.get(field) is None:
        return usual
    told = number(schedule[field])
    if told is None:
        raise ValueError("a percentage that is no number")
    return told
