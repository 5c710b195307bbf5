"""Determines the rights that a drain would lack."""

import asyncio

from shared.core.drain.model import Drain
from shared.core.observation.seen import PoolFacts
from shared.core.start.permissions import Scope, actions
from shared.core.start.rights import Missing, features_of, missing
from shared.engine.world.outside import Outside
from shared.errors import OutsideError


async def lacking(
    outside: Outside, drain: Drain, facts: PoolFacts
) -> tuple[tuple[Missing, ...], str]:
    """The rights that are missing on the pool and on the resource groups of the hosts' VMs; and why
    that could not be determined, empty if it could."""
    pool = drain.control.pool.resource_id
    groups = {"/".join(h.vm_id.split("/")[:5]) for h in drain.hosts if h.vm_id is not None}
    scopes = [pool, *sorted(groups)]
    try:
        held = await asyncio.gather(*(outside.rights.permissions(scope) for scope in scopes))
    except OutsideError as error:
        return (), f"the rights cannot be read: {error}"
    features = features_of(drain.control.policy, facts)
    on_pool = missing(actions(Scope.POOLS, features), {pool: held[0]})
    machines = dict(zip(scopes[1:], held[1:], strict=True))
    return (*on_pool, *missing(actions(Scope.MACHINES, features), machines)), ""
