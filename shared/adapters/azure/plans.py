"""Turns the service's JSON of scaling plans into the core's records."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from shared.adapters.azure.desktops import WEEKDAYS, number, properties, text
from shared.adapters.azure.zones import iana
from shared.core.observation.seen import PlanPhase, PlanSeen
from shared.core.values.hostpool import HostPoolId

_PHASES = (("ramp-up", "rampUp", "rampUp"), ("peak", "peak", "rampUp"),
           ("ramp-down", "rampDown", "rampDown"), ("off-peak", "offPeak", "rampDown"))  # fmt: skip
"""Of each phase: its name, the field that holds its start, and the field that holds the minimum and
the threshold in force during it."""


def plan_seen(item: Mapping[str, Any], pool: HostPoolId) -> PlanSeen:
    """A plan, and whether it is enabled on this pool. Raises ValueError or TypeError if it cannot
    be read."""
    raw = properties(item)
    ours = pool.resource_id.lower()
    schedules = raw.get("schedules") or ()
    return PlanSeen(
        name=text(item.get("name")),
        enabled=any(
            bool(reference.get("scalingPlanEnabled"))
            for reference in raw.get("hostPoolReferences") or ()
            if text(reference.get("hostPoolArmPath")).lower().rstrip("/") == ours
        ),
        exclusion_tag=text(raw.get("exclusionTag")),
        zone=iana(text(raw.get("timeZone"))),
        phases=tuple(phase for schedule in schedules for phase in _phases(schedule)),
    )


def _phases(schedule: Mapping[str, Any]) -> list[PlanPhase]:
    days = schedule.get("daysOfWeek") or ()
    weekdays = frozenset(WEEKDAYS.index(day) for day in days if day in WEEKDAYS)
    found = []
    for name, start, rules in _PHASES:
        at = schedule.get(f"{start}StartTime")
        if isinstance(at, dict):
            minimum = number(schedule.get(f"{rules}MinimumHostsPct"))
            threshold = number(schedule.get(f"{rules}CapacityThresholdPct")) or 100
            begins = time(number(at.get("hour")), number(at.get("minute")))
            found.append(PlanPhase(name, weekdays, begins, minimum, threshold))
    return found
