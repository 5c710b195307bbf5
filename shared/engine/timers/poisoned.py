"""Steps that failed again and again: the queue has put their message aside."""

import logging

from shared.core.drain.model import Entry
from shared.engine.world.outside import Outside
from shared.ports import Work

log = logging.getLogger(__name__)


async def report(outside: Outside, work: Work) -> None:
    """Say so, in the log and in the drain's history. The timer goes on sending for the drain, so
    it goes on once the cause is mended; and the watchdog looks after its hosts."""
    if work.inbox:
        log.error("events: seeing to them failed several times in a row; the timer goes on trying")
        return
    if work.campaign:
        log.error("%s: a step failed several times; the timer goes on trying", work.campaign)
        return
    if work.calls_strangers:
        name = work.report or work.subscription
        log.error("%s: a call failed several times; the timer goes on trying", name)
        return
    log.error("drain %s: a step failed several times in a row", work.drain)
    what = "a step failed several times in a row; the app's log tells why"
    await outside.store.remember(work.drain, [Entry(outside.clock.now(), what)])
