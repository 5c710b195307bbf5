"""Removes old records, in bounded steps: the rest is removed the next time.

Nothing is removed of a drain that has not ended, or that a claim still names. A drain's rows are
removed before its row in the index, so an interrupted removal is found again.
"""

import contextlib
import logging
from datetime import datetime, timedelta

from shared.core.notifications.lane import without_old
from shared.engine.world.each import each
from shared.engine.world.outside import Outside
from shared.engine.world.records import every
from shared.errors import ChangedError

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
    lanes = await every(outside.lanes)
    await each(
        "lane",
        [lane.receiver for lane in lanes],
        lambda name: _lane(outside, name, now - options.retain_events),
    )
    return removed


async def _lane(outside: Outside, receiver: str, before: datetime) -> None:
    """What a receiver was not told in the end goes, and the lane of one that the settings name no more. What waits stays:
    another instance may have newer settings."""
    found = await outside.lanes.get(receiver)
    if found is None:
        return
    lane, version = found
    after = without_old(lane, before)
    named = outside.options.notifications.receiver(receiver) is not None
    with contextlib.suppress(ChangedError):
        if not named and not after.waiting and not after.given_up:
            await outside.lanes.delete(receiver, version)
        elif after != lane:
            await outside.lanes.replace(receiver, after, version)
