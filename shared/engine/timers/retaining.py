"""Removes old records, in bounded steps: the rest is removed the next time.

Nothing is removed of a drain that has not ended, or that a claim still names. A drain's rows are
removed before its row in the index, so an interrupted removal is found again.
"""

import logging
from datetime import timedelta

from shared.engine.world.each import each
from shared.engine.world.outside import Outside

log = logging.getLogger(__name__)

MOST = 500
"""About how many rows one step removes."""
EVERY = timedelta(hours=1)


async def remove_old(outside: Outside) -> int:
    """Remove old rows, and return how many."""
    now, removed = outside.clock.now(), 0
    options = outside.options
    kinds = {
        "drains": now - options.retain_drains,
        "records": now - options.retain_drains,
        "events": now - options.retain_events,
        "left": now,
    }

    async def remove(kind: str) -> None:
        nonlocal removed
        removed += await outside.store.remove_old(kind, kinds[kind], MOST)

    await each("old", kinds, remove)
    return removed
