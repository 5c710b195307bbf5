"""Finds drains and other work whose look is overdue, and sends their messages again.

A drain's own message normally comes first. This timer finds the drains whose message was lost in a
crash, or is hidden by an instance that died with it. With nothing overdue it costs one query; else
one read more per pool, to leave out drains whose step is merely slow.
"""

from datetime import datetime, timedelta

from shared.core.values.drainid import is_drain_id, pool_key_of
from shared.engine.timers.levels import tell
from shared.engine.world.each import each
from shared.engine.world.outside import Outside
from shared.ports import TakeStep, Work

MOST = 200
"""How many messages are sent at a time: for drains with hosts out first, then other drains,
campaigns and events, then subscriptions. The next run of the timer sends the rest."""
_AT_ONCE = 16


async def resend_overdue(outside: Outside) -> int:
    """Send the messages that are overdue, and return how many were sent."""
    now = outside.clock.now()
    overdue, standing = await outside.store.active(now - outside.options.overdue, MOST)
    held = await _held(outside, {pool for work in overdue if (pool := _pool(work))}, now)
    late = [work for work in overdue if _pool(work) not in held]
    failed = await each("overdue:", late, lambda work: outside.queue.send(work, timedelta(0)))
    tell(outside, standing, now)
    return len(late) - len(failed)


async def _held(outside: Outside, pools: set[str], now: datetime) -> set[str]:
    """The pools whose lease lasts. A message would only find it held, and its holder looks for what
    is due when their step is over. If the holder has died, the lease runs out, and the next run of
    the timer sends. A pool whose lease cannot be read is not among them."""
    found: set[str] = set()

    async def look(pool: str) -> None:
        until = await outside.store.lease_until(pool)
        if until is not None and until > now:
            found.add(pool)

    await each("the lease of pool", pools, look, at_once=_AT_ONCE)
    return found


def _pool(work: Work) -> str:
    """The pool of a drain's step. Empty for other work."""
    return pool_key_of(work.drain) if isinstance(work, TakeStep) and is_drain_id(work.drain) else ""
