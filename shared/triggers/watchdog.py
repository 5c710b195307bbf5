"""The timer of the watchdog."""

import logging

from shared.engine.timers.watchdog import watch
from shared.engine.world.outside import Outside

log = logging.getLogger(__name__)


async def run(outside: Outside) -> None:
    """Put back hosts that no drain works on any more."""
    if closed := await watch(outside):
        log.warning("%d hosts were put back by the watchdog", closed)
