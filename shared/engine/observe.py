"""Look at a pool: one listing of its hosts, and beyond that only what somebody needs."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping

from shared.core.model import Claim, Drain
from shared.core.needs import needs_of
from shared.core.seen import Seen, SessionSeen
from shared.engine.outside import Outside
from shared.errors import NotFoundError


async def observe(outside: Outside, drain: Drain, claims: tuple[Claim, ...]) -> Seen:
    """What the drain's next decision needs to know. Raises OutsideError if it can't be read.

    Hosts are read before sessions: then a host that is seen drained was drained before the
    reading of its sessions began.
    """
    pool, clock = drain.control.pool, outside.clock
    needs = needs_of(drain)
    hosts_began_at = clock.now()
    hosts = await outside.plane.hosts(pool)
    hosts_ended_at = clock.now()
    sessions: Mapping[str, tuple[SessionSeen, ...]] | None = None
    sessions_began_at = None
    if needs.sessions:
        sessions_began_at = clock.now()
        sessions = _by_host(await outside.plane.sessions(pool))

    return Seen(
        hosts={host.key: host for host in hosts},
        hosts_began_at=hosts_began_at,
        hosts_ended_at=hosts_ended_at,
        sessions=sessions,
        sessions_began_at=sessions_began_at,
        operations=await _each(needs.operations, lambda a: outside.machines.operation(pool, a)),
        machines=await _each(needs.machines, outside.machines.machine),
        out_for_others={c.host: c.drain for c in claims if c.out and c.drain != drain.id},
    )


def _by_host(sessions: tuple[SessionSeen, ...]) -> dict[str, tuple[SessionSeen, ...]]:
    found: dict[str, list[SessionSeen]] = defaultdict(list)
    for session in sessions:
        found[session.host_key].append(session)
    return {host: tuple(there) for host, there in found.items()}


async def _each[T](asked: Mapping[str, str], ask: Callable[[str], Awaitable[T]]) -> dict[str, T]:
    """Ask for each host at the same time. What is not found is left out."""

    async def one(what: str) -> T | None:
        try:
            return await ask(what)
        except NotFoundError:
            return None

    answers = await asyncio.gather(*(one(what) for what in asked.values()))
    return {key: a for key, a in zip(asked, answers, strict=True) if a is not None}
