"""When a host is well enough to be given back to users."""

from datetime import datetime

from shared.core.observation.seen import HostSeen

USABLE = frozenset({"Available", "NeedsAssistance"})
"""NeedsAssistance: a check that is not fatal failed. Users can work on such a host."""

FATAL_CHECKS = frozenset({"SxSStackListenerCheck", "FSLogixHealthCheck"})
"""Checks whose failure keeps users from working, by the vendor's page "Session host statuses and
health checks". It calls the URL, monitoring agent and metadata checks non-fatal. Domain checks are
not here: a host that is joined to Entra ID fails those and is well; where they matter the status
says so."""


def is_usable(host: HostSeen) -> bool:
    """True when the load balancer may send a user to the host, drain mode apart."""
    return host.status in USABLE


def faults(host: HostSeen, since: datetime, *, strict: bool = False) -> tuple[str, ...]:
    """What keeps the host from counting as well, in words; empty when nothing does.

    ``since`` is the end of the maintenance: a heartbeat from before it proves nothing. ``strict``:
    any check that fails counts, and a host that needs assistance is not well.
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
