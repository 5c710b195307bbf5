"""Calls to strangers: callbacks, reports, notifications. They have their own queue and a small
share of an instance, so receivers that accept a connection and never respond hold up each other,
and no drain."""

from datetime import timedelta

from shared.engine.callbacks.delivery import tell
from shared.engine.notifications.passing import pass_on
from shared.engine.notifications.sending import tell_receiver
from shared.engine.schedules.reporting import tell_report
from shared.engine.world.outside import Outside
from shared.ports import Call, PassOn, PostReport, TellReceiver, TellSubscriber

NO_PLACE = timedelta(seconds=10)
"""How long a call is put off when all places are taken."""


async def call(outside: Outside, work: Call) -> None:
    """Make the call that a message asks for, or put it off if all places are taken."""
    if outside.places.locked():
        await outside.queue.send(work, NO_PLACE)
        return
    async with outside.places:
        match work:
            case PostReport():
                await tell_report(outside, work)
            case TellSubscriber():
                await tell(outside, work)
            case TellReceiver():
                await tell_receiver(outside, work)
            case PassOn():
                await pass_on(outside, work)
