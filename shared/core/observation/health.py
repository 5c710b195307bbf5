"""When a host is healthy enough to be given back to users."""

from datetime import datetime

from shared.core.observation.seen import HostSeen

USABLE = frozenset({"Available", "NeedsAssistance"})
"""NeedsAssistance: a check that is not fatal has failed. Users can work on such a host."""

FATAL_CHECKS = frozenset({"SxSStackListenerCheck", "FSLogixHealthCheck"})
"""Checks whose failure keeps users from working, from the vendor's page "Session host statuses and
health checks". It calls the URL, monitoring agent and metadata checks non-fatal. Domain checks
are left out: a host that is joined to Entra ID fails them and is healthy. Where they matter, the
host's status says so."""


def is_usable(host: HostSeen) -> bool:
    """Whether the load balancer may send users to the host, apart from drain mode."""
    return host.status in USABLE


def faults(host: HostSeen, since: datetime, *, strict: bool = False) -> tuple[str, ...]:
    """What keeps the host from being healthy, in words; empty if nothing does.

    ``since``: the end of the maintenance. A heartbeat from before proves nothing. ``strict``: any
    failing health check counts, and a host that needs assistance is not healthy.
    """
    found = []
    if not is_usable(host) or (strict and host.status != "Available"):
        found.append(f"its status is {host.status}")
    if host.last_heartbeat is None or host.last_heartbeat <= since:
        found.append("it has sent no heartbeat since the maintenance")
    if host.update_state == "Started":
        found.append("its agent is updating itself")
    counted = set(host.failed_checks) if strict else set(host.failed_checks) & FATAL_CHECKS
    if counted:
        found.append(f"health checks fail: {', '.join(sorted(counted))}")
    return tuple(found)
