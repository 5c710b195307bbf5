"""The floor that the pool's scaling plan sets now.

Ramp-up and ramp-down each have a minimum percentage of hosts and a capacity threshold. The peak
keeps the values of the ramp-up, and off-peak those of the ramp-down (the vendor's page "Autoscale
scaling plans and example scenarios"). A phase lasts until the next one begins, also across days
that no schedule names.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.core.observation.seen import PlanPhase, PlanSeen


def phase_at(plan: PlanSeen, now: datetime) -> PlanPhase | None:
    """The phase that began last, in the plan's own time zone; None for a plan without a schedule."""
    zone = ZoneInfo(plan.zone)
    there = now.astimezone(zone)
    begun = []
    for back in range(8):
        day = there.date() - timedelta(days=back)
        for phase in plan.phases or ():
            if day.weekday() in phase.weekdays:
                at = datetime.combine(day, phase.at, zone)
                if at <= there:
                    begun.append((at, phase))
    return max(begun, key=lambda pair: pair[0])[1] if begun else None


def hosts_needed(phase: PlanPhase, hosts: int, sessions: int, limit: int) -> int:
    """How many hosts must stay available: the minimum percentage of ``hosts``, rounded up, and as
    many as keep ``sessions`` below the capacity threshold. ``limit``: the pool's session limit
    for each host."""
    minimum = -(-hosts * phase.minimum_hosts_percent // 100)
    room = limit * phase.capacity_threshold_percent
    capacity = -(-sessions * 100 // room) if room > 0 else 0
    return max(minimum, capacity)
