"""Reads and changes the receivers' lanes. A change is written at the version that was read, and the
lane's next message is scheduled. Whatever a change gives up is logged here."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from shared.core.notifications.lane import Lane, due_at, woken
from shared.core.notifications.rules import Receiver
from shared.engine.world.outside import Outside
from shared.engine.world.records import stored
from shared.errors import ChangedError
from shared.ports import TellReceiver

log = logging.getLogger(__name__)

_TRIES = 8

type Change = Callable[[Lane, datetime], Lane]
"""Makes of a lane, and the time now, the lane after the change."""


async def changed(outside: Outside, receiver: Receiver, change: Change) -> Lane:
    """Change a receiver's lane and return the new lane. If others change it meanwhile, the change
    is made again on theirs. Raises ChangedError if that happens each time, and StorageError."""
    lane, _ = await _changed(outside, receiver, lambda lane, now: (change(lane, now), None))
    return lane


async def changed_and_woken(outside: Outside, receiver: Receiver, change: Change) -> Lane:
    """Like ``changed``, and schedules the message for when something in the lane is due. The index
    is written first: if the message is lost, the timer finds the lane there."""

    def with_wake(lane: Lane, now: datetime) -> tuple[Lane, datetime | None]:
        return woken(change(lane, now), receiver, now)

    lane, wake_at = await _changed(outside, receiver, with_wake)
    now, work = outside.clock.now(), TellReceiver(receiver.name)
    await outside.store.note_work(work, due_at(lane, receiver, now))
    if wake_at is not None:
        await outside.queue.send(work, max(timedelta(0), wake_at - now))
    return lane


async def _changed[T](
    outside: Outside, receiver: Receiver, change: Callable[[Lane, datetime], tuple[Lane, T]]
) -> tuple[Lane, T]:
    for _ in range(_TRIES):
        found = await outside.lanes.get(receiver.name)
        lane = found[0] if found is not None else Lane(receiver.name)
        after, more = change(lane, outside.clock.now())
        if after == lane:
            return lane, more
        try:
            await stored(outside.lanes, receiver.name, after, found)
        except ChangedError:
            continue
        if (lost := after.given_up_count - lane.given_up_count) > 0:
            log.error("receiver %s: %d given up: %s", receiver.name, lost, after.given_up[-1].why)
        return after, more
    raise ChangedError(f"the lane of {receiver.name} is changed all the time")
