"""Turns the service's JSON of host pools, session hosts and user sessions into the core's records.

Each item is read by itself. A field of an unknown shape gets the value that assumes the least; an
item without an identity is logged and left out. So one strange item spoils no list.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from shared.adapters.azure.zones import iana
from shared.core.observation.seen import (
    UNLIMITED,
    AgentWindow,
    HostSeen,
    PoolSeen,
    PoolType,
    SessionSeen,
)
from shared.core.values.hostnames import host_key
from shared.core.values.hostpool import HostPoolId

log = logging.getLogger(__name__)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_YEARS = range(1970, 9000)
"""The years that the service's times can be in. It writes ``0001-01-01`` for "none"."""
_MOST_TEXT = 1000


def each[T](items: Iterable[Any], read: Callable[[Mapping[str, Any]], T], what: str) -> list[T]:
    """The items of a list that can be read. ``what`` names an item in the log."""
    found = []
    for item in items:
        try:
            found.append(read(item))
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            log.warning("%s that cannot be read is left out: %s", what, type(error).__name__)
    return found


def host_of(item: Mapping[str, Any]) -> HostSeen:
    """A session host. Raises ValueError if it has no name."""
    raw = properties(item)
    name = text(item.get("name")).rsplit("/", 1)[-1]
    if not name:
        raise ValueError("a session host without a name")
    allows = raw.get("allowNewSession")
    checks = raw.get("sessionHostHealthCheckResults")
    return HostSeen(
        key=host_key(name),
        name=name,
        allow_new_session=allows if isinstance(allows, bool) else None,
        status=text(raw.get("status")) or "Unknown",
        sessions=number(raw.get("sessions")),
        last_heartbeat=time(raw.get("lastHeartBeat")),
        object_id=text(raw.get("objectId")) or None,
        vm_id=text(raw.get("resourceId")) or None,
        agent_version=text(raw.get("agentVersion")),
        os_version=text(raw.get("osVersion")),
        update_state=text(raw.get("updateState")),
        failed_checks=tuple(
            text(check.get("healthCheckName")) or "Unknown"
            for check in (checks if isinstance(checks, list) else ())
            if isinstance(check, dict) and check.get("healthCheckResult") == "HealthCheckFailed"
        ),
    )


def session_of(item: Mapping[str, Any]) -> SessionSeen:
    """A user session, identified by its resource id, since the name comes as ``1`` and as
    ``pool/host/1``. A session without an id still keeps its host from being empty."""
    raw = properties(item)
    parts = (text(item.get("id")) or text(item.get("name"))).strip("/").split("/")
    named = [part for part in parts if part.lower() != "usersessions"]
    hosts = [n for n, part in enumerate(parts) if part.lower() == "sessionhosts"]
    host = parts[hosts[-1] + 1] if hosts and hosts[-1] + 1 < len(parts) else named[-2]
    upn, account = text(raw.get("userPrincipalName")), text(raw.get("activeDirectoryUserName"))
    return SessionSeen(
        host_key=host_key(host),
        id=parts[-1] if parts[-1].lower() not in ("usersessions", host.lower()) else "",
        user=upn or account,
        state=text(raw.get("sessionState")) or "Unknown",
        created_at=time(raw.get("createTime")),
        account=account,
    )


def pool_of(item: Mapping[str, Any], pool: HostPoolId) -> PoolSeen:
    raw = properties(item)
    known = {kind.value.lower(): kind for kind in PoolType}
    update = raw.get("agentUpdate")
    update = update if isinstance(update, dict) else {}
    zone = iana(text(update.get("maintenanceWindowTimeZone")))
    limit = number(raw.get("maxSessionLimit"))
    return PoolSeen(
        text(item.get("name")) or pool.name,
        known.get(text(raw.get("hostPoolType")).lower(), PoolType.OTHER),
        limit if limit > 0 else UNLIMITED,
        tuple(_windows(update, zone)),
        zone,
    )


def _windows(update: Mapping[str, Any], zone: str) -> list[AgentWindow]:
    """The agent's maintenance windows. If they are in the hosts' own local time, the pool's zone is
    used."""
    windows = update.get("maintenanceWindows")
    if text(update.get("type")) != "Scheduled" or not isinstance(windows, list):
        return []
    return [
        AgentWindow(WEEKDAYS.index(day), hour, zone)
        for window in windows
        if isinstance(window, dict)
        and (day := text(window.get("dayOfWeek"))) in WEEKDAYS
        and 0 <= (hour := number(window.get("hour"))) < 24
    ]


def properties(item: Any) -> Mapping[str, Any]:
    """The item's properties, empty if it has none. Raises ValueError if it is not an object."""
    if not isinstance(item, dict):
        raise ValueError("not an object")
    raw = item.get("properties")
    return raw if isinstance(raw, dict) else {}


def text(value: object) -> str:
    """A text, cut to ``_MOST_TEXT`` characters; empty if it is none."""
    return value[:_MOST_TEXT] if isinstance(value, str) else ""


def number(value: object) -> int:
    """A whole number; 0 if it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def time(value: object) -> datetime | None:
    """A time in UTC; without a zone it is read as UTC. None: it is no time, or not in a possible
    year."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
        if at.year not in _YEARS:
            return None
        return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
