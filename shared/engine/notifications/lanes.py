"""The receivers' lanes: read, and changed at the version that was read."""

from collections.abc import Callable
from datetime import datetime, timedelta

from shared.core.notifications.lane import Lane, due_at
from shared.core.notifications.rules import Receiver
from shared.engine.world.outside import Outside
from shared.errors import ChangedError
from shared.ports import TellReceiver

_TRIES = 8


async def changed(outside: Outside, name: str, change: Callable[[Lane], Lane]) -> Lane:
    """The lane as it is after the change. Others who change it meanwhile come first. Raises ChangedError if they do
    so each time, and StorageError."""
    for _ in range(_TRIES):
        found = await outside.lanes.get(name)
        lane = found[0] if found is not None else Lane(name)
        after = change(lane)
        if after == lane:
            return lane
        try:
            if found is None:
                await outside.lanes.insert(name, after)
            else:
                await outside.lanes.replace(name, after, found[1])
        except ChangedError:
            continue
        return after
    raise ChangedError(f"the lane of {name} is changed all the time")


async def schedule(outside: Outside, lane: Lane, receiver: Receiver, now: datetime) -> None:
    """Into the index first: if the message is then lost, the timer finds the lane there."""
    work, due = TellReceiver(lane.receiver), due_at(lane, receiver, now)
    await outside.store.note_work(work, due)
    if due is not None:
        await outside.queue.send(work, max(timedelta(0), due - now))
