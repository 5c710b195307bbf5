"""Records that a timer ran to its end, at most once an hour. The doctor reads it to see whether the
timers run."""

import logging
from datetime import datetime, timedelta

from shared.engine.world.outside import Outside
from shared.errors import StorageError

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)


async def note(outside: Outside, timer: str, noted: dict[str, datetime]) -> None:
    """Record that ``timer`` ran now. ``noted`` holds when this instance last recorded each timer,
    and is updated. A failing store is logged and does not fail the timer."""
    now = outside.clock.now()
    if (last := noted.get(timer)) is not None and now - last < EVERY:
        return
    try:
        await outside.beats.ran(timer, now)
    except StorageError as error:
        log.warning("that %s ran could not be noted: %s", timer, error)
        return
    noted[timer] = now
