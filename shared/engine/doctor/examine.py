"""All findings: of the app itself, then of host pools, a few unless more are asked for."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from shared.core.access.roles import EVERYWHERE, Reach
from shared.core.start.doctor import pools as rules
from shared.core.start.doctor.findings import Cause, Finding, Unread, unread
from shared.core.values.hostpool import HostPoolId
from shared.engine.doctor import installation, pools
from shared.engine.world.outside import Outside
from shared.engine.world.together import together

POOLS = 3
"""Host pools that are looked at by default."""
SECONDS = 45.0
"""So long all pools together are looked at; what has not answered by then is not known."""


@dataclass(frozen=True, slots=True)
class Examination:
    """``pools``: those that were looked at. ``left``: how many more there are."""

    at: datetime
    findings: tuple[Finding, ...]
    pools: tuple[HostPoolId, ...]
    left: int = 0


async def examine(
    outside: Outside, pool: HostPoolId | None, most: int = POOLS, reach: Reach = EVERYWHERE
) -> Examination:
    """``pool``: only this one; None: the first ``most`` of those within ``reach`` that the settings name. Raises
    nothing that Azure or storage does: that is a finding."""
    now = outside.clock.now()
    found = await installation.examine(outside, now, reach)
    named = pools.Listed((pool,), ()) if pool is not None else await pools.listed(outside)
    found += named.findings if reach.whole else ()
    reached = [one for one in named.pools if reach.covers(one)]
    asked = tuple(reached[:most])

    async def look(one: HostPoolId) -> list[Finding]:
        try:
            async with asyncio.timeout(SECONDS):
                return list(rules.findings(await pools.readings(outside, one), now))
        except TimeoutError:
            late = Unread(Cause.PASSING, f"not all of it answered within {SECONDS:.0f} seconds")
            return [unread("the host pool", one.resource_id, late)]

    for each in await together(look, asked):
        found += each
    once = tuple(dict.fromkeys(found))  # pools share resource groups of VMs
    return Examination(now, once, asked, len(reached) - len(asked))
