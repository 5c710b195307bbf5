"""The triggers for the app's own queues and for their poison queues."""

import logging
from datetime import timedelta

from shared.adapters.storage.queue import decode
from shared.engine.events.handling import see_to
from shared.engine.schedules import campaigning
from shared.engine.step.poolwork import work_on
from shared.engine.timers.calling import call as make_call
from shared.engine.timers.poisoned import report
from shared.engine.world.outside import Outside
from shared.ports import Call, SeeToEvents, StepCampaign, TakeStep
from shared.ports.measures import POISON

log = logging.getLogger(__name__)


async def step(outside: Outside, message: str) -> None:
    """Do the work that a message of the work queue asks for. Raises ValueError if it is not a
    message of this app."""
    match work := decode(message):
        case TakeStep():
            await work_on(outside, work)
        case StepCampaign(campaign):
            await campaigning.step(outside, campaign)
        case SeeToEvents():
            await see_to(outside)
        case _:  # a call that was queued before calls had a queue of their own
            await outside.queue.send(work, timedelta(0))


async def call(outside: Outside, message: str) -> None:
    """Make the call that a message of the queue of calls asks for. Raises ValueError for any other
    message."""
    work = decode(message)
    if not isinstance(work, Call):
        raise ValueError("no call: a message of another queue")
    await make_call(outside, work)


async def poisoned(outside: Outside, queue: str, message: str) -> None:
    """Report a message that failed again and again. ``queue`` is the poison queue that holds it
    now."""
    outside.telemetry.count(POISON, queue=queue)
    try:
        work = decode(message)
    except ValueError:
        log.exception("a message that is none of this app's was put aside")
        return
    await report(outside, work)
