"""Lists the hosts that drains have out, left in drain mode, or lost to the watchdog."""

from dataclasses import dataclass

from shared.core.drain.model import Claim
from shared.core.values.hostpool import HostPoolId
from shared.engine.world.outside import Outside


@dataclass(frozen=True, slots=True)
class PoolClaim:
    """A claim with its pool."""

    pool: HostPoolId
    claim: Claim


async def out(outside: Outside, pool: HostPoolId | None) -> tuple[PoolClaim, ...]:
    """The claims of one pool, or (None) of all, by pool and host. Hosts that are only claimed and
    wait for their turn are not out. Raises what the store raises."""
    pools = {each.pool for each in await outside.store.maybe_out()} if pool is None else {pool}
    found: list[PoolClaim] = []
    for each in sorted(pools, key=lambda p: p.resource_id.lower()):
        claims = await outside.store.claims(each.key)
        found += [PoolClaim(each, claim) for claim in claims if claim.out or claim.free]
    return tuple(found)
