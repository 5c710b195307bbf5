"""The timer of the schedules."""

import logging
from datetime import datetime

from shared.engine.schedules.lookahead import look_ahead
from shared.engine.schedules.scheduling import run_schedules
from shared.engine.timers.retaining import EVERY, remove_old
from shared.engine.world.outside import Outside

log = logging.getLogger(__name__)


async def run(outside: Outside) -> None:
    """Begin the schedule runs that are due, then look ahead at the next ones."""
    await run_schedules(outside)
    await look_ahead(outside)


def is_time_to_remove(last: datetime | None, now: datetime) -> bool:
    """Whether old records are due to be removed. ``last``: when this instance last removed some."""
    return last is None or now - last >= EVERY


async def remove(outside: Outside) -> None:
    """Remove old records."""
    if removed := await remove_old(outside):
        log.info("%d old rows removed", removed)
