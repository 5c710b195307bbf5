"""Readings of a pool that are shared by the drains whose steps are taken one after another.

Each reading holds when it began, and the rules ask for that. So a reading that another drain's step
made a moment ago is as good as a new one. Hosts that other drains have taken out or put back since
are known by their claims. A failed reading is not kept.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.core.observation.seen import HostSeen, Lack, PoolFacts, SessionSeen
from shared.core.values.hostpool import HostPoolId
from shared.engine.world.outside import Outside
from shared.errors import FinalError, NotFoundError, OutsideError

FRESH = timedelta(seconds=3)
"""How long a reading may be used, counted from its beginning. It is shorter than the time between
two looks of one drain."""


@dataclass(frozen=True, slots=True)
class Reading[T]:
    """A result with the times at which its reading began and ended."""

    found: T
    began_at: datetime
    ended_at: datetime


class Readings:
    """The readings of one pool. Each method raises OutsideError."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside
        self._hosts: Reading[tuple[HostSeen, ...]] | None = None
        self._sessions: Reading[tuple[SessionSeen, ...]] | None = None
        self._facts: Reading[PoolFacts] | None = None

    async def hosts(self, pool: HostPoolId) -> Reading[tuple[HostSeen, ...]]:
        """The session hosts, as listed less than ``FRESH`` ago."""
        known = self._hosts
        if known is None or not self._is_fresh(known):
            known = self._hosts = await self._read(lambda: self._outside.plane.hosts(pool))
        return known

    async def sessions(
        self, pool: HostPoolId, hosts: Reading[tuple[HostSeen, ...]]
    ) -> Reading[tuple[SessionSeen, ...]]:
        """The sessions, read after ``hosts`` was listed. So a host that is seen in drain mode was
        in drain mode before the reading of its sessions began."""
        known = self._sessions
        if known is None or known.began_at < hosts.ended_at or not self._is_fresh(known):
            known = self._sessions = await self._read(lambda: self._outside.plane.sessions(pool))
        return known

    async def facts(self, pool: HostPoolId) -> PoolFacts:
        known = self._facts
        if known is None or not self._is_fresh(known):
            known = self._facts = await self._read(lambda: read_facts(self._outside, pool))
        return known.found

    async def _read[T](self, ask: Callable[[], Awaitable[T]]) -> Reading[T]:
        clock = self._outside.clock
        began_at = clock.now()
        return Reading(await ask(), began_at, clock.now())

    def _is_fresh[T](self, reading: Reading[T]) -> bool:
        """A clock that was set back makes a reading old, too."""
        return timedelta(0) <= self._outside.clock.now() - reading.began_at < FRESH


async def read_facts(outside: Outside, pool: HostPoolId) -> PoolFacts:
    """The pool itself, its scaling plans, and the vendor's own update of its hosts. If the plans or
    the update cannot be read, the facts say so; they are never taken to be absent. Raises
    OutsideError if the pool itself cannot be read."""
    itself, plans, update = await asyncio.gather(
        outside.plane.pool(pool),
        or_lack(outside.plane.plans(pool)),
        or_lack(outside.plane.host_update(pool)),
    )
    return PoolFacts(
        itself,
        plans if not isinstance(plans, Lack) else (),
        update if not isinstance(update, Lack) else "",
        plans if isinstance(plans, Lack) else None,
        update if isinstance(update, Lack) else None,
    )


def lack_of(error: OutsideError) -> Lack:
    """A failed reading, as the rules know it."""
    final = isinstance(error, FinalError)
    return Lack(str(error) or type(error).__name__, final, isinstance(error, NotFoundError))


async def or_lack[T](asked: Awaitable[T]) -> T | Lack:
    """The result of a reading, or why there is none."""
    try:
        return await asked
    except OutsideError as error:
        return lack_of(error)
