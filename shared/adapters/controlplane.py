"""Azure Virtual Desktop's control plane, by azure-mgmt-desktopvirtualization."""

import logging
from typing import Any

from azure.core.rest import HttpRequest
from azure.mgmt.desktopvirtualization.models import SendMessage, SessionHostPatch

from shared.adapters.arm import ArmClients
from shared.adapters.faults import ours
from shared.adapters.plans import WEEKDAYS, plan_seen
from shared.adapters.zones import iana
from shared.core.hostnames import host_key
from shared.core.hostpool import HostPoolId
from shared.core.seen import (
    UNLIMITED,
    AgentWindow,
    HostSeen,
    PlanSeen,
    PoolSeen,
    PoolType,
    SessionSeen,
)
from shared.errors import RejectedError

log = logging.getLogger(__name__)

_UPDATES_VERSION = "2026-01-01-preview"
_UPDATES_OPEN = frozenset(
    {"scheduled", "updatingsessionhosts", "validatingsessionhostupdate", "paused", "pausing",
     "cancelling", "error"}
)  # fmt: skip
"""States of an update that has not ended, by the vendor's reference of its operation status."""


class AzureControlPlane:
    """Keeps the protocol ``shared.ports.ControlPlane``."""

    def __init__(self, clients: ArmClients) -> None:
        self._clients = clients

    async def pool(self, pool: HostPoolId) -> PoolSeen:
        client = self._clients.desktops(pool.subscription)
        async with ours(write=False):
            found = await client.host_pools.get(pool.resource_group, pool.name)
        known = {kind.value: kind for kind in PoolType}
        kind = known.get(str(found.host_pool_type), PoolType.OTHER)
        update = found.agent_update
        zone = iana(update.maintenance_window_time_zone) if update is not None else ""
        return PoolSeen(
            found.name or pool.name,
            kind,
            found.max_session_limit or UNLIMITED,
            tuple(_windows(update, zone)),
            zone,
        )

    async def pools(self, scope: str) -> tuple[HostPoolId, ...]:
        parts = scope.strip("/").split("/")
        client = self._clients.desktops(parts[1].lower())
        async with ours(write=False):
            group = parts[3] if len(parts) > 3 else None
            pools = client.host_pools
            listed = pools.list_by_resource_group(group) if group else pools.list()
            found = [_pool_id(str(pool.id)) async for pool in listed]
        return tuple(pool for pool in found if pool is not None)

    async def plans(self, pool: HostPoolId) -> tuple[PlanSeen, ...]:
        client = self._clients.desktops(pool.subscription)
        async with ours(write=False):
            listed = client.scaling_plans.list_by_host_pool(pool.resource_group, pool.name)
            return tuple([plan_seen(plan, pool) async for plan in listed])

    async def host_update(self, pool: HostPoolId) -> str:
        """By its address: the SDK does not know this preview. A pool that is not under session
        host management answers 404, a region without the preview 400."""
        client = self._clients.compute(pool.subscription)
        path = "sessionHostManagements/default/sessionHostUpdateStatuses/default"
        address = f"{self._clients.endpoint}{pool.resource_id}/{path}"
        request = HttpRequest("GET", address, params={"api-version": _UPDATES_VERSION})
        async with ours(write=False):
            response = await client.send_request(request)
            if response.status_code in (400, 404):
                return ""
            response.raise_for_status()
        told = response.json()
        status = str(told.get("status") or "")
        return status if status.lower() in _UPDATES_OPEN else ""

    async def hosts(self, pool: HostPoolId) -> tuple[HostSeen, ...]:
        client = self._clients.desktops(pool.subscription)
        async with ours(write=False):
            listed = client.session_hosts.list(pool.resource_group, pool.name)
            return tuple([_host(host) async for host in listed])

    async def sessions(self, pool: HostPoolId) -> tuple[SessionSeen, ...]:
        client = self._clients.desktops(pool.subscription)
        async with ours(write=False):
            listed = client.user_sessions.list_by_host_pool(pool.resource_group, pool.name)
            return tuple([_session(session) async for session in listed])

    async def set_allow_new_session(self, pool: HostPoolId, host: str, allow: bool) -> None:
        client = self._clients.desktops(pool.subscription)
        async with ours(write=True):
            await client.session_hosts.update(
                pool.resource_group,
                pool.name,
                host,
                session_host=SessionHostPatch(allow_new_session=allow),
            )

    async def send_message(
        self, pool: HostPoolId, host: str, session_id: str, title: str, text: str
    ) -> None:
        client = self._clients.desktops(pool.subscription)
        message = SendMessage(message_title=title, message_body=text)
        async with ours(write=True):
            await client.user_sessions.send_message(
                pool.resource_group, pool.name, host, _checked(session_id), send_message=message
            )

    async def sign_out(self, pool: HostPoolId, host: str, session_id: str, force: bool) -> None:
        client = self._clients.desktops(pool.subscription)
        async with ours(write=True):
            await client.user_sessions.delete(
                pool.resource_group, pool.name, host, _checked(session_id), force=force
            )


def _pool_id(resource_id: str) -> HostPoolId | None:
    """None, and a word in the log, for what is no host pool's: it spoils no listing."""
    try:
        return HostPoolId.parse(resource_id)
    except ValueError:
        log.warning("a host pool that is listed as %r is left out: not its id", resource_id[:300])
        return None


def _windows(update: Any, zone: str) -> list[AgentWindow]:
    """The agent's windows; with the hosts' own local time the pool's zone stands for it."""
    if update is None or str(getattr(update.type, "value", update.type)) != "Scheduled":
        return []
    return [
        AgentWindow(WEEKDAYS.index(day), int(w.hour or 0), zone)
        for w in update.maintenance_windows or ()
        if (day := str(getattr(w.day_of_week, "value", w.day_of_week))) in WEEKDAYS
    ]


def _checked(session_id: str) -> str:
    """An empty session id has been documented to mean everyone on the host: never send one."""
    if not session_id.strip():
        raise RejectedError("a session without an id")
    return session_id


def _host(host: Any) -> HostSeen:
    name = str(host.name).rsplit("/", 1)[-1]
    checks = host.session_host_health_check_results or ()
    return HostSeen(
        key=host_key(name),
        name=name,
        allow_new_session=host.allow_new_session is not False,
        status=str(getattr(host.status, "value", host.status) or "Unknown"),
        sessions=host.sessions or 0,
        last_heartbeat=host.last_heart_beat,
        object_id=host.object_id,
        vm_id=host.resource_id or None,
        agent_version=host.agent_version or "",
        os_version=host.os_version or "",
        update_state=str(getattr(host.update_state, "value", host.update_state) or ""),
        failed_checks=tuple(
            str(getattr(check.health_check_name, "value", check.health_check_name))
            for check in checks
            if str(getattr(check.health_check_result, "value", check.health_check_result))
            == "HealthCheckFailed"
        ),
    )


def _session(session: Any) -> SessionSeen:
    """Read from the resource id: the name comes as ``1`` and as ``pool/host/1``."""
    parts = str(session.id).strip("/").split("/")
    return SessionSeen(
        host_key=host_key(parts[-3]),
        id=parts[-1],
        user=session.user_principal_name or session.active_directory_user_name or "",
        state=str(getattr(session.session_state, "value", session.session_state) or "Unknown"),
        created_at=session.create_time,
    )
