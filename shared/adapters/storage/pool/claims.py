"""Claims in the table of pools: spoken for, let go of, never two drains' at once.

A claim is inserted, or replaced as it was read, so of two drains that want a host one fails. What an
earlier drain left to be put back is carried on by the claim of the next one, and stays when that
one lets go of the host.
"""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched

from shared.adapters.storage import records
from shared.adapters.storage.pool import rows
from shared.adapters.storage.pool.hostpages import in_pages, page_of, page_prefix
from shared.adapters.storage.tables.table import (
    LONG_AGO,
    MOST_CHANGES,
    Op,
    Other,
    Row,
    Table,
    TableConflictError,
    under,
)
from shared.core.drain.claims import is_free_for
from shared.core.drain.model import Claim, Drain
from shared.core.host.host import HostRecord
from shared.core.values.drainid import pool_key_of
from shared.errors import ChangedError

log = logging.getLogger(__name__)

_PAGE = MOST_CHANGES - 2
"""Hosts whose claims are changed together, with the page of their records and the marker."""
_HALF = 49
"""Hosts with rows of their own that are let go of together, each with its claim."""
_AT_ONCE = 8
"""Transactions."""
_TRIES = 5

_Part = Sequence[tuple[HostRecord, str]]
"""Hosts of one transaction, each with the ETag of the claim that is replaced, if there is one."""


class ClaimRows:
    """The claims in the table of pools."""

    def __init__(self, pools: Table) -> None:
        self._pools = pools

    async def marker(self, pool_key: str) -> str:
        """Changes with each write of claims that is made without the pool's lease."""
        row = await self._pools.get(pool_key, rows.MARKER)
        return row.etag if row is not None else ""

    async def all(self, pool_key: str, but: str = "") -> tuple[Claim, ...]:
        """Without those of the drain ``but``, if one is named."""
        where = {"drain": Other(but)} if but else None
        listed = await self._pools.scan(pool_key, *under("claim|"), 0, where, versions=False)
        return tuple(_read(row) for row in listed)

    async def speak_for(
        self, drain: Drain, hosts: Sequence[HostRecord], *, recorded: bool
    ) -> Mapping[str, str]:
        """Speak for hosts, with (``recorded``) their records in the drain. If others hold some,
        those are returned, host key to drain id, and none is spoken for. One that the drain has
        already is left as it is: somebody may be working on it. Raises ChangedError if the drain
        was recorded before, and has done with a host."""
        new: set[str] = set()
        wanted = {host.key: host for host in hosts}
        ordered = [wanted[key] for key in sorted(wanted)]
        in_vain = 0
        while in_vain < _TRIES:
            found, there = await asyncio.gather(
                self._of(drain, hosts), self._recorded(drain.id) if recorded else _nothing()
            )
            others = {
                host: claim.drain
                for host, (claim, _) in found.items()
                if claim.drain != drain.id and not is_free_for(wanted[host], claim)
            }
            if others:
                await self.let_go(drain.id, new, recorded=recorded)
                return others
            ours = {h for h, (c, _) in found.items() if c.drain == drain.id and not c.free}
            if len(there.hosts) > len(ours):
                raise ChangedError(f"drain {drain.id} was recorded before")
            waiting = (
                [host for host in some if host.key not in ours] for some in batched(ordered, _PAGE)
            )
            parts = [
                [(host, found[host.key][1] if host.key in found else "") for host in some]
                for some in waiting
                if some
            ]
            taken = await self._take_all(drain, parts, recorded=recorded)
            new |= {host.key for part in taken for host, _ in part}
            if len(taken) == len(parts):
                return {}
            in_vain = 0 if taken else in_vain + 1  # others write the same marker, too
        raise ChangedError(f"the claims of {drain.id} change all the time")

    async def _take_all(
        self, drain: Drain, parts: Sequence[_Part], *, recorded: bool
    ) -> list[_Part]:
        """Those parts of which nobody has taken a host meanwhile. They go at once, and in any order: until
        the drain itself is recorded, whatever is left of them is let go of. Raises what failed
        otherwise, once nothing is under way any more."""
        places = asyncio.Semaphore(_AT_ONCE)

        async def take(part: _Part) -> bool:
            ops = [rows.spoken_for(drain, host, etag) for host, etag in part]
            if recorded:
                ops.append(page_of(drain.id, [host for host, _ in part]))
            async with places:
                try:
                    await self._pools.transact(drain.control.pool.key, [*ops, rows.marker()])
                except TableConflictError:
                    return False
            return True

        came = await asyncio.gather(*(take(part) for part in parts), return_exceptions=True)
        for each in came:
            if isinstance(each, BaseException):
                raise each
        return [part for part, mine in zip(parts, came, strict=True) if mine]

    async def let_go(
        self, drain_id: str, hosts: Collection[str] | None = None, *, recorded: bool = False
    ) -> None:
        """Let go of hosts that the drain has only spoken for (None: of all of them)."""
        pool_key = pool_key_of(drain_id)
        for _ in range(_TRIES):
            ours = {
                claim.host: (claim, etag)
                for claim, etag in await self._listed(pool_key)
                if claim.drain == drain_id
                and not claim.unreadable
                and not claim.out
                and not claim.free
                and (hosts is None or claim.host in hosts)
            }
            there = await self._recorded(drain_id) if recorded else await _nothing()
            try:
                for key, page in there.pages.items():
                    if hosts is None or page <= set(hosts):
                        going = [ours.pop(host) for host in sorted(page & ours.keys())]
                        ops = [rows.without_claim(claim, etag) for claim, etag in going]
                        await self._pools.transact(
                            pool_key, [*ops, Op("delete", key), rows.marker()]
                        )
                for some in batched(ours.values(), _HALF):
                    ops = [rows.without_claim(claim, etag) for claim, etag in some]
                    keys = {rows.host_key(drain_id, claim.host) for claim, _ in some}
                    ops += [Op("delete", key) for key in sorted(keys & there.rows)]
                    await self._pools.transact(pool_key, [*ops, rows.marker()])
            except TableConflictError:
                continue  # somebody has gone on with one of them: it may be out now
            return

    async def _recorded(self, drain_id: str) -> "_Recorded":
        """What is recorded of the drain's hosts."""
        pool_key, prefix, pages = (
            pool_key_of(drain_id),
            rows.host_key(drain_id, ""),
            page_prefix(drain_id),
        )
        own, listed = await asyncio.gather(
            self._pools.scan(pool_key, *under(prefix), versions=False),
            self._pools.scan(pool_key, *under(pages), versions=False),
        )
        return _Recorded(
            frozenset(row.key for row in own),
            {row.key: frozenset(in_pages([row])) for row in listed},
            frozenset(row.key.removeprefix(prefix) for row in own) | in_pages(listed).keys(),
        )

    async def _of(self, drain: Drain, hosts: Sequence[HostRecord]) -> dict[str, tuple[Claim, str]]:
        """The claims of these hosts, each with its ETag."""
        wanted = {host.key for host in hosts}
        listed = await self._listed(drain.control.pool.key)
        return {claim.host: (claim, etag) for claim, etag in listed if claim.host in wanted}

    async def _listed(self, pool_key: str) -> list[tuple[Claim, str]]:
        """Every claim in the pool, each with its ETag."""
        listed = await self._pools.scan(pool_key, *under("claim|"))
        return [(_read(row), row.etag) for row in listed]


@dataclass(frozen=True, slots=True)
class _Recorded:
    """Hosts with records: ``rows``: the keys of rows of their own; ``pages``: the hosts of each page."""

    rows: frozenset[str] = frozenset()
    pages: Mapping[str, frozenset[str]] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()


async def _nothing() -> _Recorded:
    return _Recorded()


def _read(row: Row) -> Claim:
    """One that this version cannot read spoils no other: its columns tell whose host it is."""
    host = row.key.removeprefix("claim|")
    try:
        claim = records.read(Claim, row.values)
        if claim.host != host:
            raise ValueError("a claim of another host than its key names")
    except records.UNREADABLE as error:
        why = records.why(error)
        name, drain = str(row.values.get("host") or host), str(row.values.get("drain") or "?")
        about = {"host": name, "drain": drain}
        log.warning("the claim of %s cannot be read: %s", host, why, extra=about)
        return Claim(host, name, drain, LONG_AGO, out=True, unreadable=why)
    return claim
