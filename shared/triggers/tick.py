"""The timer that finds overdue work. It fires each minute and usually finds nothing."""

import logging

from shared.engine.timers.overdue import resend_overdue
from shared.engine.world.outside import Outside
from shared.ports.measures import TICKS

log = logging.getLogger(__name__)


async def run(outside: Outside) -> None:
    """Send a message for each overdue drain."""
    outside.telemetry.count(TICKS)
    if sent := await resend_overdue(outside):
        log.info("%d overdue drains sent for", sent)
