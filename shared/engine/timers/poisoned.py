"""Reports messages that failed again and again and that the queue has moved to the poison queue."""

import logging

from shared.core.drain.history.facts import StepPutAside
from shared.core.drain.history.history import Entry
from shared.engine.world.outside import Outside
from shared.ports import (
    PassOn,
    PostReport,
    SeeToEvents,
    StepCampaign,
    TakeStep,
    TellReceiver,
    TellSubscriber,
    Work,
    about,
)  # fmt: skip

log = logging.getLogger(__name__)


async def report(outside: Outside, work: Work) -> None:
    """Report it in the log, and for a drain in its history. The timer keeps sending messages for
    the drain, so it goes on once the cause is mended; and the watchdog looks after its hosts."""
    match work:
        case SeeToEvents():
            log.error("events: seeing to them failed several times; the timer goes on trying")
        case StepCampaign(id_):
            log.error("%s: a step failed several times; the timer goes on trying", id_)
        case TellSubscriber(_, name) | PostReport(name) | TellReceiver(name) | PassOn(name):
            log.error("%s: a call failed several times; the timer goes on trying", name)
        case TakeStep(drain):
            with about(drain=drain):
                log.error("drain %s: a step failed several times in a row", drain)
            await outside.store.remember(drain, [Entry(outside.clock.now(), StepPutAside())])
