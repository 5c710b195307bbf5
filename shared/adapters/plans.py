"""Scaling plans as the service tells them, turned into the core's."""

from datetime import time
from typing import Any

from shared.adapters.zones import iana
from shared.core.hostpool import HostPoolId
from shared.core.seen import PlanPhase, PlanSeen

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PHASES = (("ramp-up", "ramp_up", "ramp_up"), ("peak", "peak", "ramp_up"),
           ("ramp-down", "ramp_down", "ramp_down"), ("off-peak", "off_peak", "ramp_down"))  # fmt: skip
"""A phase's name, whose start it has, and whose minimum and threshold are in force in it."""


def plan_seen(plan: Any, pool: HostPoolId) -> PlanSeen:
    """A plan, and whether it is enabled on this pool."""
    ours = pool.resource_id.lower()
    references = plan.host_pool_references or ()
    return PlanSeen(
        name=plan.name or "",
        enabled=any(
            bool(r.scaling_plan_enabled)
            for r in references
            if str(r.host_pool_arm_path).lower().rstrip("/") == ours
        ),
        exclusion_tag=plan.exclusion_tag or "",
        zone=iana(plan.time_zone),
        phases=tuple(phase for s in plan.schedules or () for phase in _phases(s)),
    )


def _phases(schedule: Any) -> list[PlanPhase]:
    days = {str(getattr(day, "value", day)) for day in schedule.days_of_week or ()}
    weekdays = frozenset(WEEKDAYS.index(day) for day in days if day in WEEKDAYS)
    found = []
    for name, start, rules in _PHASES:
        at = getattr(schedule, f"{start}_start_time", None)
        if at is not None:
            minimum = getattr(schedule, f"{rules}_minimum_hosts_pct", None) or 0
            threshold = getattr(schedule, f"{rules}_capacity_threshold_pct", None) or 100
            begins = time(int(at.hour or 0), int(at.minute or 0))
            found.append(PlanPhase(name, weekdays, begins, int(minimum), int(threshold)))
    return found
