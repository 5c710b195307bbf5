"""Tries a receiver: sends a message marked as a test, at once and without retry. If the receiver
accepts it, what waits in its lane is sent, too."""

from dataclasses import dataclass
from datetime import datetime

from shared.core.drain.happenings import Happening, Kind, Level
from shared.core.host.outcome import Accepted
from shared.core.notifications.derived import in_one_line
from shared.core.notifications.lane import after_try
from shared.core.notifications.message import Item, Message, words
from shared.core.notifications.rules import Receiver
from shared.engine.callbacks.strangers import answer_of
from shared.engine.notifications.lanes import changed_and_woken
from shared.engine.world.besteffort import best_effort
from shared.engine.world.outside import Outside
from shared.errors import RefusalKind, RequestRefusedError


@dataclass(frozen=True, slots=True)
class Tried:
    """The result of a test message."""

    receiver: Receiver
    id: str
    at: datetime
    taken: bool
    text: str


async def try_receiver(outside: Outside, name: str, by: str) -> Tried:
    """Send a test message to the receiver. Raises RequestRefusedError if no receiver has that
    name."""
    receiver = outside.options.notifications.receiver(name)
    if receiver is None:
        text = f"NOTIFICATIONS names no receiver '{name}'"
        raise RequestRefusedError(
            RefusalKind.NOT_FOUND, "ReceiverNotFound", text, target="receiver"
        )
    now = outside.clock.now()
    id_ = f"{name}-test-{now:%Y%m%dT%H%M%S%f}"
    text = "this is a test: if you can read it, notifications come here"
    made = Happening(
        id_,
        Kind.TEST,
        Level.INFO,
        now,
        id_,
        text,
        asked_by=in_one_line(by),
        address=outside.options.address,
    )
    message = Message(id_, Kind.TEST, (Item(made, 1, now),))
    outcome = await answer_of(outside.receivers.notify(name, message))
    taken = isinstance(outcome, Accepted)
    if taken:
        await _note(outside, receiver, id_)
    return Tried(receiver, id_, now, taken, words(outcome))


async def _note(outside: Outside, receiver: Receiver, id_: str) -> None:
    """Record in the lane that the receiver accepts messages. A failure here does not fail the test:
    it was accepted."""
    pace = outside.options.pace
    with best_effort(f"that receiver {receiver.name} took a test"):
        await changed_and_woken(
            outside, receiver, lambda lane, now: after_try(lane, id_, Accepted(), now, pace)
        )
