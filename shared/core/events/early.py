"""Events that come early: one may announce today a reboot in six days. Its drain begins in time,
not now."""

from datetime import datetime, timedelta

from shared.core.policy.policy import Policy
from shared.core.values.localtime import shown
from shared.core.values.window import last_before

MARGIN = timedelta(minutes=30)
"""Extra time, because Azure or the app may be slow."""
UNKNOWN = timedelta(hours=1)
"""How long a host is assumed to take while no host of its pool has been maintained."""


def begins(
    policy: Policy, by: datetime, hosts: int, took: timedelta | None, zone: str
) -> tuple[datetime, str]:
    """When to begin so that ``hosts`` hosts are empty, or maintained, before ``by``, and the reason
    in words. That is the last window of the policy that ends before ``by``, or else the last
    that begins early enough. Without a window it is as late as the deadline and ``took`` (the
    longest that hosts of the pool were out) allow. It may be in the past."""
    needed = needs(policy, hosts, took)
    window = policy.window
    if window is not None:
        span = last_before(window, by, zone, needed)
        if span is not None:
            opens = shown(span.starts, window.time_zone or zone)
            return span.starts, f"the last window before it opens at {opens}"
    minutes = int(needed.total_seconds() // 60)
    return by - needed, f"{minutes} minutes before it are enough"


def needs(policy: Policy, hosts: int, took: timedelta | None) -> timedelta:
    """The time from the first host's drain until the last one is ready. Hosts that are held stay
    out together until the matter is over. Others go in groups, as many at once as the policy
    lets out."""
    if policy.maintenance.held:
        return policy.deadline + MARGIN
    each = took if took is not None else UNKNOWN
    at_once = max(1, policy.max_unavailable.of(hosts))
    return (policy.deadline + each) * -(-hosts // at_once) + MARGIN
