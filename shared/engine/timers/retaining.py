"""Old records go, in bounded steps: whatever is left over is removed the next time.

Nothing goes of a drain that has not ended, or that a claim still names. A drain's parts go before the
line that finds it, so that one whose removal was interrupted is found again.
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
"""Rows removed in one step, about."""
EVERY = timedelta(hours=1)


async def remove_old(outside: Outside) -> int:
    """How many rows went."""
    now, removed = outside.clock.now(), 0
    options = outside.options
    kinds = {
        "drains": now - options.retain_drains,
        "records": now - options.retain_drains,
        "events": now - options.retain_events,
    }

    async def remove(kind: str) -> None:
        nonlocal removed
        removed += await outside.store.remove_old(kind, kinds[kind], MOST)

    await each("old", kinds, remove)
    await each("lanes", (options.retain_events,), lambda kept: _lanes(outside, now - kept))
    return removed


async def _lanes(outside: Outside, before: datetime) -> None:
    """Of what receivers were not told in the end; and lanes of receivers that the settings name no more. What waits
    stays: another instance may have newer settings."""
    for known in await every(outside.lanes):
        found = await outside.lanes.get(known.receiver)
        if found is None:
            continue
        lane, version = found
        after = without_old(lane, before)
        named = outside.options.notifications.receiver(lane.receiver) is not None
        with contextlib.suppress(ChangedError):
            if not named and not after.waiting and not after.given_up:
                await outside.lanes.delete(lane.receiver, version)
            elif after != lane:
                await outside.lanes.replace(lane.receiver, after, version)
