"""Finds the session host that a machine (a VM or a session host id) is, by listing the pools that
the app looks after.

A pool that cannot be read affects its own hosts only: what was known of it is kept, and
``Directory.unread`` names it.
"""

import logging
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.core.events.signals import machine_key
from shared.core.events.triage import Serving
from shared.core.values.hostpool import HostPoolId
from shared.engine.world.together import together
from shared.errors import FinalError, StorageError
from shared.ports import Clock, ControlPlane

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(minutes=15)
MISSED_AGAIN = timedelta(minutes=1)
"""The shortest time between two searches for a machine that was not found. Most machines whose
events reach the app are not session hosts."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A host pool, resource group or subscription that could not be read. ``final``: reading it
    again will not help."""

    scope: str
    why: str
    final: bool

    def may_hold(self, machine: str, *, anywhere: bool) -> bool:
        """Whether a machine may be a session host of this scope. The id of a session host holds its
        pool; the id of a VM holds only its subscription. ``anywhere``: the operator named the
        scopes to look after, so the VM may be in any subscription."""
        scope = machine_key(self.scope)
        if "/sessionhosts/" in machine:
            return machine.startswith(f"{scope}/")
        return anywhere or _subscription(machine) == _subscription(scope)


@dataclass(slots=True)
class Directory:
    """The session hosts of some scopes, kept for 15 minutes. ``scopes`` are the resource ids of
    host pools, resource groups and subscriptions. Empty: the subscriptions of the machines that are
    looked for."""

    scopes: tuple[str, ...] = ()
    _pools: dict[str, dict[str, Serving]] = field(default_factory=dict)
    """The session hosts by pool. A pool that cannot be read now keeps its earlier hosts."""
    _listed: dict[str, dict[str, HostPoolId]] = field(default_factory=dict)
    """The pools by scope. A scope that cannot be read now keeps its earlier pools."""
    _unread: dict[str, Unread] = field(default_factory=dict)
    _read_at: datetime | None = None
    _read: frozenset[str] = frozenset()

    async def find(
        self, plane: ControlPlane, clock: Clock, machines: Iterable[str]
    ) -> dict[str, Serving]:
        """The session hosts that ``machines`` are, by ``machine_key``. A machine that is not known
        as a session host is left out; ``unread`` tells whether it may be one in a scope that could
        not be read. Raises StorageError."""
        wanted = {machine_key(machine) for machine in machines}
        scopes = frozenset(self.scopes or (_subscription(machine) for machine in wanted))
        now = clock.now()
        age = now - self._read_at if self._read_at is not None else KEPT_FOR
        missed = not wanted <= self._known().keys() and age >= MISSED_AGAIN
        if age >= KEPT_FOR or missed or not scopes <= self._read:
            await self._read_all(plane, scopes | (self._read if age < KEPT_FOR else set()))
            self._read_at, self._read = now, scopes | self._read
        known = self._known()
        return {m: replace(known[m], machine=m) for m in wanted & known.keys()}

    def unread(self, machine: str) -> tuple[Unread, ...]:
        """The scopes that could not be read and may hold the machine."""
        key, anywhere = machine_key(machine), bool(self.scopes)
        return tuple(u for u in self._unread.values() if u.may_hold(key, anywhere=anywhere))

    def _known(self) -> Mapping[str, Serving]:
        return {machine: here for pool in self._pools.values() for machine, here in pool.items()}

    async def _read_all(self, plane: ControlPlane, scopes: Iterable[str]) -> None:
        before, unread = self._unread, dict[str, Unread]()
        pools: dict[str, HostPoolId] = {}

        async def read[T](scope: str, asked: Awaitable[T]) -> T | Unread:
            try:
                return await asked
            except StorageError:
                raise
            except Exception as error:  # noqa: BLE001 - of any kind: it spoils this scope only
                failed = unread[machine_key(scope)] = _failed(scope, error)
                return failed

        async def list_pools(scope: str) -> None:
            found = await read(scope, _pools(plane, scope))
            if not isinstance(found, Unread):
                self._listed[scope] = {pool.key: pool for pool in found}
            pools.update(self._listed.get(scope, {}))

        async def list_hosts(pool: HostPoolId) -> None:
            found = await read(pool.resource_id, _hosts(plane, pool))
            if not isinstance(found, Unread):
                self._pools[pool.key] = found
            elif found.final:
                self._pools.pop(pool.key, None)

        await together(list_pools, sorted(scopes))
        await together(list_hosts, pools.values())
        self._pools = {key: hosts for key, hosts in self._pools.items() if key in pools}
        self._unread = unread
        for key in unread.keys() - before.keys():
            log.warning("%s cannot be read for events: %s", unread[key].scope, unread[key].why)


async def _hosts(plane: ControlPlane, pool: HostPoolId) -> dict[str, Serving]:
    found: dict[str, Serving] = {}
    for host in await plane.hosts(pool):
        here = Serving(pool, host.name)
        found[machine_key(f"{pool.resource_id}/sessionHosts/{host.name}")] = here
        if host.vm_id:
            found[machine_key(host.vm_id)] = here
    return found


async def _pools(plane: ControlPlane, scope: str) -> tuple[HostPoolId, ...]:
    try:
        return (HostPoolId.parse(scope),)
    except ValueError:
        return await plane.pools(scope)


def _failed(scope: str, error: Exception) -> Unread:
    text = str(error) or type(error).__name__
    return Unread(scope, text[:300], isinstance(error, FinalError))


def _subscription(machine: str) -> str:
    return "/".join(machine.split("/")[:3])
