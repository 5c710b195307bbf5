"""The timer that finds late work. It fires each minute, and mostly finds none."""

import logging

from shared.engine.timers.overdue import resend_overdue
from shared.engine.world.outside import Outside
from shared.ports.measures import TICKS

log = logging.getLogger(__name__)


async def run(outside: Outside) -> None:
    """Send for the drains that are overdue."""
    outside.telemetry.count(TICKS)
    if sent := await resend_overdue(outside):
        log.info("%d overdue drains sent for", sent)
