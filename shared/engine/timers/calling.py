"""Calls to strangers: callbacks, and reports. They have a queue of their own and a small share of an
instance, so that receivers who take a call and never answer hold up each other, and no drain."""

from datetime import timedelta

from shared.engine.callbacks.telling import tell
from shared.engine.schedules.reporting import tell_report
from shared.engine.world.outside import Outside
from shared.ports import Work

NO_PLACE = timedelta(seconds=10)
"""So long a call waits that finds all places taken."""


async def call(outside: Outside, work: Work) -> None:
    """Make the call that a message asks for; or put it off, if all places are taken."""
    if not outside.places.take():
        await outside.queue.send(work, NO_PLACE)
        return
    try:
        if work.report:
            await tell_report(outside, work)
        else:
            await tell(outside, work)
    finally:
        outside.places.give()
