"""Claims in the table of pools: spoken for, let go of, never two drains' at once.

A claim is inserted, so of two drains that want a host one fails. What an earlier drain left to be
put back is carried on by the claim of the next one, and stays when that one lets go of the host.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import batched

from shared.adapters import entities, rows
from shared.adapters.tables import Op, Table, TableConflictError
from shared.core.drainid import pool_key_of
from shared.core.host import HostRecord
from shared.core.model import Claim, Drain

_HALF = 49
"""A transaction takes 100 changes, and a host here may need two."""


class ClaimRows:
    """The claims in the table of pools."""

    def __init__(self, pools: Table) -> None:
        self._pools = pools

    async def all(self, pool_key: str) -> tuple[Claim, ...]:
        listed = await self._pools.scan(pool_key, "claim|", "claim|~")
        return tuple(entities.read_claim(row.values) for row in listed)

    async def speak_for(
        self, drain: Drain, hosts: Sequence[HostRecord], *, recorded: bool
    ) -> Mapping[str, str]:
        """Speak for hosts, with (``recorded``) their records in the drain. If others hold some,
        those are returned, host key to drain id, and none is spoken for."""
        found = await self._of(drain, hosts)
        if others := _others(drain, found):
            return others
        for some in batched(hosts, _HALF):
            ops = [rows.spoken_for(drain, host, host.key in found) for host in some]
            if recorded:
                ops += [rows.record(drain, host) for host in some]
            try:
                await self._pools.transact(drain.control.pool.key, ops)
            except TableConflictError:
                ours = {key for key, claim in found.items() if not claim.free}
                new = {host.key for host in hosts} - ours
                await self.let_go(drain.id, new, recorded=recorded)
                return _others(drain, await self._of(drain, hosts))
        return {}

    async def let_go(
        self, drain_id: str, hosts: Collection[str] | None = None, *, recorded: bool = False
    ) -> None:
        """Let go of hosts that the drain has only spoken for (None: of all of them)."""
        pool_key = pool_key_of(drain_id)
        ours = [
            claim
            for claim in await self.all(pool_key)
            if claim.drain == drain_id
            and not claim.out
            and not claim.free
            and (hosts is None or claim.host in hosts)
        ]
        for some in batched(ours, _HALF):
            ops = [_without_drain(claim) for claim in some]
            if recorded:
                ops += [Op("delete", rows.host_key(drain_id, claim.host)) for claim in some]
            await self._pools.transact(pool_key, ops)

    async def _of(self, drain: Drain, hosts: Sequence[HostRecord]) -> dict[str, Claim]:
        wanted = {host.key for host in hosts}
        claims = await self.all(drain.control.pool.key)
        return {claim.host: claim for claim in claims if claim.host in wanted}


def _without_drain(claim: Claim) -> Op:
    """No drain has the host any more. If an earlier one left it drained, that is still so, and
    what it was before that is still to be put back by the next."""
    key = rows.claim_key(claim.host)
    if claim.before is None:
        return Op("delete", key)
    return Op("upsert", key, entities.claim_values(replace(claim, kept=True)))


def _others(drain: Drain, found: Mapping[str, Claim]) -> dict[str, str]:
    return {
        host: claim.drain
        for host, claim in found.items()
        if claim.drain != drain.id and not claim.free
    }
