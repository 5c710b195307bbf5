"""That a timer ran through, noted once an hour at most: whoever asks whether timers run reads it."""

import logging
from datetime import datetime, timedelta

from shared.engine.world.outside import Outside
from shared.errors import StorageError

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)


async def note(outside: Outside, timer: str, noted: dict[str, datetime]) -> None:
    """``noted``: when this instance noted each last; it is kept up here. That it cannot be noted fails no
    timer."""
    now = outside.clock.now()
    if (last := noted.get(timer)) is not None and now - last < EVERY:
        return
    try:
        await outside.beats.ran(timer, now)
    except StorageError as error:
        log.warning("that %s ran could not be noted: %s", timer, error)
        return
    noted[timer] = now
