"""The timer's work: find drains that should have been looked at, and send for them again.

A drain's own message normally comes first. This finds the ones whose message was lost with a
crash, or is hidden by an instance that died with it. With nothing due it is one query.
"""

from datetime import timedelta

from shared.engine.outside import Outside

MOST = 200
"""Drains sent for in one tick; the next tick sends for the rest."""


async def tick(outside: Outside) -> int:
    """How many drains, and subscribers of drains, were sent for."""
    overdue = await outside.store.overdue(outside.clock.now() - outside.options.overdue, MOST)
    for work in overdue:
        await outside.queue.send(work, timedelta(0))
    return len(overdue)
