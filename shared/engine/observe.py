"""Look at a pool: one listing of its hosts, and beyond that only what somebody needs."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from shared.core.conditions import Condition, Reply
from shared.core.hostpool import HostPoolId
from shared.core.model import Claim, Drain
from shared.core.needs import may_go, needs_facts, needs_maintained, needs_of
from shared.core.seen import PoolFacts, RunSeen, Seen, SessionSeen
from shared.engine.outside import Outside
from shared.errors import DeniedError, NotFoundError, OutsideError


async def observe(outside: Outside, drain: Drain, claims: tuple[Claim, ...], now: datetime) -> Seen:
    """What the drain's next decision, of ``now``, needs to know. Raises OutsideError if it can't be
    read.

    Hosts are read before sessions: then a host that is seen drained was drained before the
    reading of its sessions, and of its VM, began. The rest is read only if somebody needs it: a
    drain that waits for its turn costs one listing a look.
    """
    pool, clock = drain.control.pool, outside.clock
    policy = drain.control.policy
    hosts_began_at = clock.now()
    hosts = {host.key: host for host in await outside.plane.hosts(pool)}
    listed = Seen(
        hosts=hosts,
        hosts_began_at=hosts_began_at,
        hosts_ended_at=clock.now(),
        out_for_others={c.host: c.drain for c in claims if c.out and c.drain != drain.id},
        taken_back=_taken_back(drain, claims),
        answers=drain.answers,
    )
    going = may_go(drain, listed, now)
    facts = await read_facts(outside, pool) if going or needs_facts(drain) else None
    needs = needs_of(drain, hosts, facts, going=going)
    sessions: Mapping[str, tuple[SessionSeen, ...]] | None = None
    sessions_began_at = None
    if needs.sessions:
        sessions_began_at = clock.now()
        sessions = by_host(await outside.plane.sessions(pool))
    last = await outside.store.maintained(pool.key) if going and needs_maintained(policy) else {}
    attempts = await outside.store.attempts(pool.key) if going and needs_maintained(policy) else {}
    machines_began_at = clock.now()
    return replace(
        listed,
        facts=facts,
        sessions=sessions,
        sessions_began_at=sessions_began_at,
        machines_began_at=machines_began_at,
        operations=await _each(needs.operations, lambda a: outside.machines.operation(pool, a)),
        machines=await _each(needs.machines, outside.machines.machine),
        tags={
            **{key: {} for key in needs.tags},  # a VM that is gone has no tags
            **await _each(needs.tags, outside.machines.tags),
        },
        maintained={host: done.at for host, done in last.items()},
        attempts=attempts,
        took={host: done.took for host, done in last.items() if done.took is not None},
        replies=await _replies(outside, drain) if going else {},
        scripts={
            **dict.fromkeys(needs.scripts),
            **await _each(needs.scripts, lambda run: outside.scripts.script(*run)),
        },
        run=await _run(outside, needs.run) if needs.run else None,
    )


async def _replies(outside: Outside, drain: Drain) -> dict[int, Reply]:
    """What cannot be asked is an answer, too."""

    async def one(condition: Condition) -> Reply:
        try:
            return await outside.conditions.reply(drain.control.pool, condition.ask())
        except OutsideError as error:
            return Reply(trouble=str(error))

    asked = drain.control.policy.conditions
    return dict(enumerate(await asyncio.gather(*(one(condition) for condition in asked))))


async def _run(outside: Outside, run: str) -> RunSeen | None:
    """A run that cannot be read holds nothing up: its time passes all the same."""
    try:
        return await outside.runs.state(run)
    except OutsideError:
        return None


async def read_facts(outside: Outside, pool: HostPoolId) -> PoolFacts:
    """The pool itself, its scaling plans, and the vendor's own update of its hosts. Without the
    right to read one of the latter two, it is taken to be absent."""
    itself, plans, update = await asyncio.gather(
        outside.plane.pool(pool),
        _allowed(outside.plane.plans(pool), ()),
        _allowed(outside.plane.host_update(pool), ""),
    )
    return PoolFacts(itself, plans, update)


async def _allowed[T](asked: Awaitable[T], otherwise: T) -> T:
    try:
        return await asked
    except DeniedError:
        return otherwise


def by_host(sessions: Iterable[SessionSeen]) -> dict[str, tuple[SessionSeen, ...]]:
    found: dict[str, list[SessionSeen]] = defaultdict(list)
    for session in sessions:
        found[session.host_key].append(session)
    return {host: tuple(there) for host, there in found.items()}


def _taken_back(drain: Drain, claims: Iterable[Claim]) -> dict[str, str]:
    """Hosts that are not this drain's any more. A claim that is missing, removed by hand perhaps,
    changes nothing."""
    found = {}
    for claim in claims:
        if claim.drain != drain.id:
            found[claim.host] = f"it belongs to drain {claim.drain} now"
        elif claim.restored_at is not None:
            found[claim.host] = f"the watchdog put it back: {claim.note}"
    return found


async def _each[A, T](asked: Mapping[str, A], ask: Callable[[A], Awaitable[T]]) -> dict[str, T]:
    """Ask for each host at the same time. What is not found is left out."""

    async def one(what: A) -> T | None:
        try:
            return await ask(what)
        except NotFoundError:
            return None

    if not asked:
        return {}
    answers = await asyncio.gather(*(one(what) for what in asked.values()))
    return {key: a for key, a in zip(asked, answers, strict=True) if a is not None}
