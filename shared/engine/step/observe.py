"""Observes a pool: lists its hosts, and reads beyond that only what the drain's next decision
needs."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from shared.core.conditions import Condition, Reply
from shared.core.drain.model import Claim, Drain
from shared.core.flow.needs import may_go, needs_facts, needs_maintained, needs_of
from shared.core.observation.seen import Lack, Part, RunSeen, Seen, SessionSeen
from shared.core.values.drainid import is_drain_id
from shared.engine.step.readings import Readings, or_lack
from shared.engine.world.outside import Outside
from shared.errors import OutsideError


async def observe(
    outside: Outside, drain: Drain, claims: tuple[Claim, ...], now: datetime, readings: Readings
) -> Seen:
    """What the drain's decision at ``now`` needs to know. Raises OutsideError if the pool's hosts
    cannot be listed. Any other reading that fails is recorded in ``lacks`` and spoils no other
    reading.

    Hosts are read before sessions and VMs. So a host that is seen in drain mode was in drain mode
    before the reading of its sessions, and of its VM, began. A drain that waits for its turn costs
    one listing per look.
    """
    pool, clock = drain.control.pool, outside.clock
    policy = drain.control.policy
    lacks: dict[tuple[Part, str], Lack] = {}
    facts, first = None, drain.progress.started_at is None
    if first:  # the first look nearly always needs the pool itself
        asked = _had(lacks, Part.POOL, readings.facts(pool))
        read, facts = await asyncio.gather(readings.hosts(pool), asked)
    else:
        read = await readings.hosts(pool)
    hosts = {host.key: host for host in read.found}
    listed = Seen(
        hosts=hosts,
        hosts_began_at=read.began_at,
        hosts_ended_at=read.ended_at,
        out_for_others={c.host: c.drain for c in claims if c.out and c.drain != drain.id},
        taken_back=_taken_back(drain, claims),
        taken_over=_taken_over(drain, claims),
        answers=drain.answers,
    )
    going = may_go(drain, listed, now)
    if not first and (going or needs_facts(drain)):
        facts = await _had(lacks, Part.POOL, readings.facts(pool))
    needs = needs_of(drain, hosts, facts, going=going)
    sessions: Mapping[str, tuple[SessionSeen, ...]] | None = None
    sessions_began_at, sessions_on = None, needs.sessions_on
    if needs.sessions:
        sessions_began_at = clock.now()
        some = None
        if sessions_on is not None:
            some = [hosts[key].name for key in sorted(sessions_on) if key in hosts]
        found = await _had(lacks, Part.SESSIONS, readings.sessions(pool, read, some))
        if found is not None:
            sessions_began_at, sessions = found.began_at, by_host(found.found.sessions)
            sessions_on = None if found.found.whole else sessions_on
    last = await outside.store.maintained(pool.key) if going and needs_maintained(policy) else {}
    attempts = await outside.store.attempts(pool.key) if going and needs_maintained(policy) else {}
    machines_began_at = clock.now()
    each = partial(_each, lacks)
    return replace(
        listed,
        facts=facts,
        sessions=sessions,
        sessions_on=sessions_on,
        sessions_began_at=sessions_began_at,
        machines_began_at=machines_began_at,
        operations=await each(
            Part.OPERATION, needs.operations, lambda a: outside.machines.operation(pool, a)
        ),
        machines=await each(Part.MACHINE, needs.machines, outside.machines.machine),
        tags=await each(Part.TAGS, needs.tags, outside.machines.tags, gone={}),
        maintained={host: done.at for host, done in last.items()},
        attempts=attempts,
        took={host: done.took for host, done in last.items() if done.took is not None},
        replies=await _replies(outside, drain) if going else {},
        scripts=await each(
            Part.SCRIPT, needs.scripts, lambda run: outside.scripts.script(*run), gone=None
        ),
        run=await _run(outside, needs.run) if needs.run else None,
        lacks=lacks,
    )


async def _replies(outside: Outside, drain: Drain) -> dict[int, Reply]:
    """The reply to each condition of the policy, by its index. A condition that cannot be asked, or
    does not reply in time, has a reply that says so: the hosts that are out do not wait for a
    stranger."""
    within = outside.options.reading.total_seconds()

    async def one(condition: Condition) -> Reply:
        try:
            async with asyncio.timeout(within):
                return await outside.conditions.reply(drain.control.pool, condition.ask())
        except OutsideError as error:
            return Reply(trouble=str(error))
        except TimeoutError:
            return Reply(trouble=f"no answer within {within:.0f} s")

    asked = drain.control.policy.conditions
    return dict(enumerate(await asyncio.gather(*(one(condition) for condition in asked))))


async def _run(outside: Outside, run: str) -> RunSeen | None:
    """The state of a maintenance run. None: it cannot be read. That delays nothing, since the run's
    time passes all the same."""
    try:
        return await outside.update_runs.state(run)
    except OutsideError:
        return None


async def _had[T](lacks: dict[tuple[Part, str], Lack], part: Part, asked: Awaitable[T]) -> T | None:
    """A reading of the pool. None: it failed, and ``lacks`` says why."""
    found = await or_lack(asked)
    if isinstance(found, Lack):
        lacks[part, ""] = found
        return None
    return found


def by_host(sessions: Iterable[SessionSeen]) -> dict[str, tuple[SessionSeen, ...]]:
    """The sessions by the key of their host."""
    found: dict[str, list[SessionSeen]] = defaultdict(list)
    for session in sessions:
        found[session.host_key].append(session)
    return {host: tuple(there) for host, there in found.items()}


def _taken_over(drain: Drain, claims: Iterable[Claim]) -> dict[str, str]:
    """Hosts that another drain has by now, with why. A missing claim (somebody may have deleted it by hand) changes
    nothing, nor does one that names no drain: nobody else would put its host back."""
    return {
        claim.host: f"it belongs to drain {claim.drain} now"
        for claim in claims
        if claim.drain != drain.id and is_drain_id(claim.drain)
    }


def _taken_back(drain: Drain, claims: Iterable[Claim]) -> dict[str, str]:
    """Hosts that are put back without this drain, with why."""
    return {
        claim.host: f"the watchdog put it back: {claim.note}"
        for claim in claims
        if claim.drain == drain.id and claim.restored_at is not None
    }


_LACKED = object()


async def _each[A, T](
    lacks: dict[tuple[Part, str], Lack],
    part: Part,
    asked: Mapping[str, A],
    ask: Callable[[A], Awaitable[T]],
    *,
    gone: Any = _LACKED,
) -> dict[str, T]:
    """Ask for each host concurrently. A reading that fails is left out, and ``lacks`` says why.
    ``gone`` is the value for a thing that does not exist; without it, that counts as a failed
    reading too."""

    async def one(key: str, what: A) -> tuple[str, T | Lack]:
        return key, await or_lack(ask(what))

    found: dict[str, T] = {}
    for key, came in await asyncio.gather(*(one(*pair) for pair in asked.items())):
        if not isinstance(came, Lack):
            found[key] = came
        elif came.gone and gone is not _LACKED:
            found[key] = gone
        else:
            lacks[part, key] = came
    return found
