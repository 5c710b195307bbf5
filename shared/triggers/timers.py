"""The timer that finds late work, and the watchdog."""

import logging

from shared.engine.timers.tick import tick as resend_overdue
from shared.engine.timers.watchdog import watch as watch_over
from shared.engine.world.outside import Outside

log = logging.getLogger(__name__)


async def tick(outside: Outside) -> None:
    """Send for the drains that are overdue."""
    if sent := await resend_overdue(outside):
        log.info("%d overdue drains sent for", sent)


async def watch(outside: Outside) -> None:
    """Put back hosts that no drain works on any more."""
    if closed := await watch_over(outside):
        log.warning("%d hosts were put back by the watchdog", closed)
