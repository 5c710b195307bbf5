"""The timer's work: find drains that should have been looked at, and send for them again.

A drain's own message normally comes first. This finds the ones whose message was lost with a
crash, or is hidden by an instance that died with it. With nothing due it is one query.
"""

from datetime import timedelta

from shared.engine.world.each import each
from shared.engine.world.outside import Outside
from shared.ports import Work

MOST = 200
"""Sent for in one tick: drains with hosts out first, then other drains, campaigns and events, then
subscriptions. The next tick sends for the rest."""


async def tick(outside: Outside) -> int:
    """How many drains, and subscribers of drains, were sent for."""
    overdue = await outside.store.overdue(outside.clock.now() - outside.options.overdue, MOST)

    async def send(work: Work) -> None:
        await outside.queue.send(work, timedelta(0))

    failed = await each("overdue:", overdue, send)
    return len(overdue) - len(failed)
