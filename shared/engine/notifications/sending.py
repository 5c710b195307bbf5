"""Sends a receiver the notifications in its lane. Each receiver has its own message in the queue of
calls, so a receiver that is slow or away delays only itself."""

import logging
from datetime import datetime, timedelta

from shared.core.drain.subscriptions import LOOKED_AFTER
from shared.core.host.outcome import Accepted
from shared.core.notifications.lane import Lane, after_try, claimed, looked_at
from shared.core.notifications.message import Message, words
from shared.core.notifications.rules import Receiver
from shared.engine.callbacks.strangers import answer_of
from shared.engine.notifications.lanes import changed, changed_and_woken
from shared.engine.world.outside import Outside
from shared.errors import UnreadableError
from shared.ports import TellReceiver

log = logging.getLogger(__name__)

AT_A_TIME = timedelta(seconds=15)
"""How long one queue message goes on sending. Then a new message goes on, behind the others in the
queue."""


async def tell_receiver(outside: Outside, work: TellReceiver) -> None:
    """Send what is due in the receiver's lane. Raises what the store raises; then the queue shows
    the message again."""
    receiver = outside.options.notifications.receiver(work.receiver)
    until = outside.clock.now() + AT_A_TIME
    try:
        if receiver is None:
            await _forgotten(outside, work)
            return
        while outside.clock.now() < until and await _send_one(outside, receiver):
            pass
        await changed_and_woken(outside, receiver, looked_at)
    except UnreadableError as error:
        log.error("%s is not told: %s", work.receiver, error)  # noqa: TRY400 - the text says all
        await outside.store.note_work(work, outside.clock.now() + LOOKED_AFTER)


async def _send_one(outside: Outside, receiver: Receiver) -> bool:
    """Send the next message that is due in the lane. True: it was accepted, so there may be another
    one."""
    sent: Message | None = None

    def claim(lane: Lane, now: datetime) -> Lane:
        nonlocal sent
        after, sent = claimed(looked_at(lane, now), receiver, now)
        return after

    await changed(outside, receiver, claim)
    if sent is None:
        return False
    id_ = sent.id
    outcome = await answer_of(outside.receivers.notify(receiver.name, sent))

    def note(lane: Lane, now: datetime) -> Lane:
        return after_try(lane, id_, outcome, now, outside.options.pace)

    await changed(outside, receiver, note)
    if not isinstance(outcome, Accepted):
        log.warning("receiver %s: %s", receiver.name, words(outcome))
    return isinstance(outcome, Accepted)


async def _forgotten(outside: Outside, work: TellReceiver) -> None:
    """Delete the lane of a receiver that the settings no longer name: what waits in it will never
    be sent."""
    found = await outside.lanes.get(work.receiver)
    if found is not None:
        if found[0].waiting:
            log.error("receiver %s is gone, and %d waited", work.receiver, len(found[0].waiting))
        await outside.lanes.delete(work.receiver)
    await outside.store.note_work(work, None)
