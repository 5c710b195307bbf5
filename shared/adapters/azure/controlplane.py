"""Azure Virtual Desktop's control plane.

Its JSON is read as it comes from the SDK's pipeline, without the SDK's models. So an item of an
unknown shape is one unreadable item and not a failed list, and a large listing takes a sixteenth of
the time.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from typing import Any
from urllib.parse import quote

from shared.adapters.azure.arm.clients import MOST_PAGES, ArmClients
from shared.adapters.azure.desktops import host_of, pool_of, session_of
from shared.adapters.azure.fields import each, text
from shared.adapters.azure.plans import plan_seen
from shared.core.observation.seen import HostSeen, PlanSeen, PoolSeen, SessionSeen
from shared.core.values.hostpool import HostPoolId
from shared.errors import FinalError, NotFoundError, PassingError, RejectedError

log = logging.getLogger(__name__)

VERSION = "2024-04-03"
PAGE = 1000
"""How many items of a list are requested at a time. The service may return fewer."""
UPDATE_VERSIONS = ("2026-03-01-preview", "2026-01-01-preview")
"""The versions of the preview API for the vendor's own updates, newest first. Each is retired at
some date."""
_MANAGED = "sessionHostManagements/default"
_STATUSES = ("sessionHostUpdateStatuses/default", "sessionHostProvisioningStatuses/default")
_OPEN = frozenset(
    {"scheduled", "updatingsessionhosts", "validatingsessionhostupdate", "paused", "pausing",
     "cancelling", "error", "validatingsessionhostprovisioning", "provisioningsessionhosts",
     "provisioning", "inprogress", "running"}
)  # fmt: skip
"""The states of an update, or of a provisioning run, that has not ended, from the vendor's
reference."""
_ENDED = frozenset(
    {"", "succeeded", "failed", "cancelled", "canceled", "completed", "notstarted", "none"}
)


class AzureControlPlane:
    """Implements ``shared.ports.ControlPlane``. ``update_versions``: the api-versions for the
    vendor's own updates, tried in turn."""

    def __init__(
        self, clients: ArmClients, update_versions: tuple[str, ...] = UPDATE_VERSIONS
    ) -> None:
        self._clients = clients
        self._versions = list(update_versions)
        self._taken = ""
        self._session_pages: dict[str, int] = {}
        """By pool, how many pages the list of its sessions took last."""
        self._told: set[str] = set()

    async def pool(self, pool: HostPoolId) -> PoolSeen:
        found = await self._clients.json(
            pool.subscription, self._at(pool), **{"api-version": VERSION}
        )
        return pool_of(found, pool)

    async def pools(self, scope: str) -> tuple[HostPoolId, ...]:
        """The host pools in a scope. A pool whose id cannot be read is logged and left out."""
        subscription = scope.strip("/").split("/")[1].lower()
        path = f"{scope.rstrip('/')}/providers/Microsoft.DesktopVirtualization/hostPools"
        listed = await self._clients.listed(
            subscription, self._clients.at(path), **{"api-version": VERSION}
        )
        return tuple(each(listed, lambda item: HostPoolId.parse(str(item["id"])), "a host pool"))

    async def plans(self, pool: HostPoolId) -> tuple[PlanSeen, ...]:
        """The pool's scaling plans. If one cannot be read, it is not taken to be absent: then none
        are known. Raises PassingError."""
        listed = [item async for page in self._pages(pool, "scalingPlans") for item in page]
        found = each(listed, lambda item: plan_seen(item, pool), "a scaling plan")
        if len(found) != len(listed):
            raise PassingError("a scaling plan of the pool cannot be read")
        return tuple(found)

    async def host_update(self, pool: HostPoolId) -> str:
        """The state of the vendor's own update; empty if none runs. It is read by address, because
        the SDK does not know this preview. A pool without session host management responds with
        404. Raises RejectedError if no version is accepted."""
        found = await asyncio.gather(*(self._status(pool, f"{_MANAGED}/{k}") for k in _STATUSES))
        return next((status for status in found if status), "")

    async def _status(self, pool: HostPoolId, path: str) -> str:
        refused = ""
        latest_first = sorted(self._versions, key=self._taken.__ne__)  # the one accepted last
        for version in latest_first:
            try:
                found = await self._clients.json(
                    pool.subscription, f"{self._at(pool)}/{path}", **{"api-version": version}
                )
            except NotFoundError:
                self._taken = version
                return ""
            except RejectedError as error:
                refused = str(error)
                self._once(version, refused)
                continue
            self._taken = version
            return _open(found)
        raise RejectedError(f"none of the versions {', '.join(self._versions)} is taken: {refused}")

    def _once(self, version: str, refused: str) -> None:
        if version not in self._told:
            self._told.add(version)
            log.warning("api-version %s of session host updates is refused: %s", version, refused)

    async def hosts(self, pool: HostPoolId) -> tuple[HostSeen, ...]:
        found: list[HostSeen] = []
        async for page in self._pages(pool, "sessionHosts"):
            found += each(page, host_of, "a session host")
        return tuple(found)

    async def sessions(self, pool: HostPoolId, *, whole: bool = True) -> tuple[SessionSeen, ...]:
        """The user sessions of the pool. A session that cannot be read may be on any host, so then
        the list does not count. Raises PassingError."""
        found, pages = await self._sessions(pool, "userSessions", MOST_PAGES if whole else 1)
        if whole:
            self._session_pages[pool.key] = pages
        return tuple(found)

    async def _sessions(
        self, pool: HostPoolId, path: str, most: int = MOST_PAGES
    ) -> tuple[list[SessionSeen], int]:
        """The sessions of at most ``most`` pages, and how many pages there were."""
        found: list[SessionSeen] = []
        pages = 0
        async for page in self._pages(pool, path, most):
            read = each(page, session_of, "a user session")
            if len(read) != len(page):
                raise PassingError("a session in the list cannot be read: it may be on any host")
            found += read
            pages += 1
        return found, pages

    async def sessions_on(
        self, pool: HostPoolId, hosts: Collection[str]
    ) -> tuple[SessionSeen, ...] | None:
        if len(hosts) >= self._session_pages.get(pool.key, 0):
            return None
        try:
            asked = (
                self._sessions(pool, f"sessionHosts/{quote(h, safe='')}/userSessions")
                for h in hosts
            )
            found = await asyncio.gather(*asked)
        except FinalError:
            return None
        return tuple(session for some, _ in found for session in some)

    def room(self, pool: HostPoolId) -> int:
        return self._clients.room(pool.subscription)

    async def set_allow_new_session(self, pool: HostPoolId, host: str, allow: bool) -> None:
        body = {"properties": {"allowNewSession": allow}}
        await self._send(pool, "PATCH", f"sessionHosts/{quote(host, safe='')}", body)

    async def send_message(
        self, pool: HostPoolId, host: str, session_id: str, title: str, text: str
    ) -> None:
        body = {"messageTitle": title, "messageBody": text}
        await self._send(pool, "POST", f"{_session(host, session_id)}/sendMessage", body)

    async def sign_out(self, pool: HostPoolId, host: str, session_id: str, force: bool) -> None:
        path = _session(host, session_id)
        await self._send(pool, "DELETE", path, force="true" if force else "false")

    def _pages(
        self, pool: HostPoolId, what: str, most: int = MOST_PAGES
    ) -> AsyncIterator[list[Any]]:
        params = {"api-version": VERSION, "pageSize": str(PAGE)}
        return self._clients.pages(pool.subscription, f"{self._at(pool)}/{what}", most, **params)

    async def _send(
        self, pool: HostPoolId, method: str, path: str, body: Any = None, **params: str
    ) -> None:
        address = f"{self._at(pool)}/{path}"
        versioned = {"api-version": VERSION, **params}
        await self._clients.send(pool.subscription, method, address, body, **versioned)

    def _at(self, pool: HostPoolId) -> str:
        return self._clients.at(pool.resource_id)


def _session(host: str, session_id: str) -> str:
    """The address of a session. An empty session id has been documented to mean everyone on the
    host, so it is never sent. Raises RejectedError."""
    if not session_id.strip():
        raise RejectedError("a session without an id")
    return f"sessionHosts/{quote(host, safe='')}/userSessions/{quote(session_id, safe='')}"


def _open(found: Any) -> str:
    """The status, if it has not ended; else empty. An unknown status is not taken for an end."""
    raw = found.get("properties")
    status = text(found.get("status")) or (text(raw.get("status")) if isinstance(raw, dict) else "")
    if status.lower() in _ENDED:
        return ""
    return status if status.lower() in _OPEN else f"in a state that is not known: {status}"
