"""Readings of host pools: for each about seven reads, and one more for each resource group of its VMs."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from shared.core.observation.seen import HostSeen, PlanSeen
from shared.core.start.doctor.findings import Finding, Unread, unread
from shared.core.start.doctor.pools import Held, PoolReadings
from shared.core.values.hostpool import HostPoolId
from shared.core.values.resources import parts_of_vm
from shared.engine.doctor.reading import read
from shared.engine.world.outside import Outside
from shared.engine.world.together import together

MOST_GROUPS = 5
"""Resource groups of one pool's VMs that are looked at."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The pools that the settings name, and what is found of scopes that cannot be listed."""

    pools: tuple[HostPoolId, ...]
    findings: tuple[Finding, ...]


async def listed(outside: Outside) -> Listed:
    """Of ``HOST_POOLS``: pools, and those of resource groups and subscriptions. In the order of their ids."""
    pools: dict[str, HostPoolId] = {}
    found: list[Finding] = []

    async def look(scope: str) -> None:
        try:
            one = HostPoolId.parse(scope)
        except ValueError:
            reading = await read(outside.plane.pools(scope))
        else:
            reading = (one,)
        if isinstance(reading, Unread):
            found.append(unread("the host pools of a scope of HOST_POOLS", scope, reading))
        else:
            pools.update({pool.key: pool for pool in reading})

    await together(look, outside.options.installation.scopes)
    ordered = sorted(pools.values(), key=lambda pool: pool.resource_id.lower())
    return Listed(tuple(ordered), tuple(found))


async def readings(outside: Outside, pool: HostPoolId) -> PoolReadings:
    """What a look at the pool shows; a part that cannot be read says why."""
    plane = outside.plane
    found, hosts, plans, update, held, claims = await asyncio.gather(
        read(plane.pool(pool)),
        read(plane.hosts(pool)),
        read(plane.plans(pool)),
        read(plane.host_update(pool)),
        read(outside.rights.permissions(pool.resource_id)),
        read(outside.store.claims(pool.key)),
    )
    vms = [] if isinstance(hosts, Unread) else _vms(hosts)
    groups = sorted({"/".join(vm.split("/")[:5]) for vm in vms}, key=str.lower)
    asked = groups[:MOST_GROUPS]

    async def permissions(group: str) -> Held:
        return await read(outside.rights.permissions(group))

    return PoolReadings(
        pool,
        found,
        hosts,
        plans,
        update,
        held,
        claims,
        groups=dict(zip(asked, await together(permissions, asked), strict=True)),
        groups_left=len(groups) - len(asked),
        machine=await _machine(outside, vms),
        tags=await _tags(outside, plans, vms),
    )


def _vms(hosts: tuple[HostSeen, ...]) -> list[str]:
    """One spelling of each; what is no VM of Microsoft.Compute has no state to read."""
    by_key = {h.vm_id.lower(): h.vm_id for h in hosts if h.vm_id and parts_of_vm(h.vm_id)}
    return [by_key[key] for key in sorted(by_key)]


async def _machine(outside: Outside, vms: list[str]) -> bool | Unread | None:
    """Whether the state of a VM can be read: of one, for all."""
    if not vms:
        return None
    seen = await read(outside.machines.machine(vms[0]))
    return seen if isinstance(seen, Unread) else True


async def _tags(
    outside: Outside, plans: tuple[PlanSeen, ...] | Unread, vms: list[str]
) -> Mapping[str, Mapping[str, str]] | Unread | None:
    if isinstance(plans, Unread) or not any(p.enabled and p.exclusion_tag for p in plans):
        return None
    return await read(outside.machines.tags_of(vms))
