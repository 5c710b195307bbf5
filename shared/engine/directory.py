"""Which session host a machine is: found through the hosts of the pools that the app looks after."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.core.hostpool import HostPoolId
from shared.core.notices import machine_key
from shared.core.triage import Serving
from shared.errors import DeniedError, NotFoundError
from shared.ports import Clock, ControlPlane

KEPT_FOR = timedelta(minutes=15)
MISSED_AGAIN = timedelta(minutes=1)
"""A machine that is not found is looked for again, but no more often than this: most machines whose
events reach the app are no session hosts at all."""


@dataclass(slots=True)
class Directory:
    """``scopes``: host pools, resource groups and subscriptions by resource id; none: the machines'
    own subscriptions."""

    scopes: tuple[str, ...] = ()
    _found: dict[str, Serving] = field(default_factory=dict)
    _read_at: datetime | None = None
    _read: frozenset[str] = frozenset()

    async def find(
        self, plane: ControlPlane, clock: Clock, machines: Iterable[str]
    ) -> dict[str, Serving]:
        """By ``machine_key``; a machine that is no session host is left out. Raises OutsideError if
        a pool cannot be read now; one that the app may not read is not looked after."""
        wanted = {machine_key(machine) for machine in machines}
        scopes = frozenset(self.scopes or (_subscription(machine) for machine in wanted))
        now = clock.now()
        age = now - self._read_at if self._read_at is not None else KEPT_FOR
        missed = not wanted <= self._found.keys() and age >= MISSED_AGAIN
        if age >= KEPT_FOR or missed or not scopes <= self._read:
            self._found = await _read(plane, scopes | (self._read if age < KEPT_FOR else set()))
            self._read_at, self._read = now, scopes | self._read
        return {machine: self._found[machine] for machine in wanted & self._found.keys()}


async def _read(plane: ControlPlane, scopes: Iterable[str]) -> dict[str, Serving]:
    pools: dict[str, HostPoolId] = {}
    for scope in sorted(scopes):
        for pool in await _pools(plane, scope):
            pools[pool.key] = pool
    found: dict[str, Serving] = {}
    for pool in pools.values():
        try:
            hosts = await plane.hosts(pool)
        except (DeniedError, NotFoundError):
            continue
        for host in hosts:
            here = Serving(pool, host.name)
            found[machine_key(f"{pool.resource_id}/sessionHosts/{host.name}")] = here
            if host.vm_id:
                found[machine_key(host.vm_id)] = here
    return found


async def _pools(plane: ControlPlane, scope: str) -> tuple[HostPoolId, ...]:
    try:
        return (HostPoolId.parse(scope),)
    except ValueError:
        pass
    try:
        return await plane.pools(scope)
    except (DeniedError, NotFoundError):
        return ()


def _subscription(machine: str) -> str:
    return "/".join(machine.split("/")[:3])
