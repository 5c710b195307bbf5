"""Turns the service's JSON of host pools, session hosts and user sessions into the core's records.

Each item is read by itself. A field of an unknown shape gets the value that assumes the least; an
item without an identity is logged and left out. So one strange item spoils no list.
"""

import logging
from collections.abc import Mapping
from typing import Any

from shared.adapters.azure.fields import number, properties, text, time, word
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

STATUSES = (
    "Available", "Unavailable", "Shutdown", "Disconnected", "Upgrading", "UpgradeFailed", "NoHeartbeat",
    "NotJoinedToDomain", "DomainTrustRelationshipLost", "SxSStackListenerNotReady", "FSLogixNotHealthy", "NeedsAssistance",
)  # fmt: skip
_UPDATE_STATES = ("Initial", "Pending", "Started", "Succeeded", "Failed")
_SESSION_STATES = (
    "Active",
    "Disconnected",
    "Pending",
    "LogOff",
    "Unknown",
    "UserProfileDiskMounted",
)
_FAILED = "HealthCheckFailed"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def host_of(item: Mapping[str, Any]) -> HostSeen:
    """A session host. Raises ValueError if it has neither name nor id."""
    raw = properties(item)
    name = (text(item.get("name")) or text(item.get("id"))).rsplit("/", 1)[-1].strip()
    if not name:
        raise ValueError("a session host without a name")
    allows = raw.get("allowNewSession")
    checks = raw.get("sessionHostHealthCheckResults")
    return HostSeen(
        key=host_key(name),
        name=name,
        allow_new_session=allows if isinstance(allows, bool) else None,
        status=word(raw.get("status"), STATUSES) or "Unknown",
        sessions=number(raw.get("sessions")) or 0,
        last_heartbeat=time(raw.get("lastHeartBeat")),
        object_id=text(raw.get("objectId")) or None,
        vm_id=text(raw.get("resourceId")) or None,
        agent_version=text(raw.get("agentVersion")),
        os_version=text(raw.get("osVersion")),
        update_state=word(raw.get("updateState"), _UPDATE_STATES),
        failed_checks=tuple(
            text(check.get("healthCheckName")) or "Unknown"
            for check in (checks if isinstance(checks, list) else ())
            if isinstance(check, dict)
            and word(check.get("healthCheckResult"), (_FAILED,)) == _FAILED
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
    upn = text(raw.get("userPrincipalName")).strip()
    account = text(raw.get("activeDirectoryUserName")).strip()
    return SessionSeen(
        host_key=host_key(host),
        id=parts[-1] if parts[-1].lower() not in ("usersessions", host.lower()) else "",
        user=upn or account,
        state=word(raw.get("sessionState"), _SESSION_STATES) or "Unknown",
        created_at=time(raw.get("createTime")),
        account=account,
    )


def pool_of(item: Mapping[str, Any], pool: HostPoolId) -> PoolSeen:
    raw = properties(item)
    known = {kind.value.lower(): kind for kind in PoolType}
    update = raw.get("agentUpdate")
    update = update if isinstance(update, dict) else {}
    zone = iana(text(update.get("maintenanceWindowTimeZone")))
    limit = number(raw.get("maxSessionLimit")) or 0
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
    if word(update.get("type"), ("Scheduled",)) != "Scheduled" or not isinstance(windows, list):
        return []
    found = []
    for window in windows:
        raw = window if isinstance(window, dict) else {}
        day, hour = word(raw.get("dayOfWeek"), WEEKDAYS), number(raw.get("hour"))
        if day in WEEKDAYS and hour is not None and 0 <= hour < 24:
            found.append(AgentWindow(WEEKDAYS.index(day), hour, zone))
        else:
            log.warning("an update window of the agent that cannot be read is left out")
    return found
