"""A queue that behaves like a Storage queue; ``tests/integration`` compares the two.

A received message is hidden for a while and then visible again to anybody, unless its last receiver
has deleted it. Times are in seconds of the clock it is given.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Message:
    """``receipt`` is of the last reading: an older receipt deletes nothing."""

    id: int
    text: str
    visible_at: float
    dequeue_count: int = 0
    receipt: int = 0


class MessageGoneError(Exception):
    """The message was deleted, or somebody else has received it since."""


class MemoryQueue:
    """``changed`` is called with the time at which a message becomes visible."""

    def __init__(self, now: Callable[[], float], changed: Callable[[float], None]) -> None:
        self._now = now
        self._changed = changed
        self._ids = itertools.count(1)
        self.messages: dict[int, Message] = {}

    def send(self, text: str, hidden_for: float = 0.0) -> None:
        message = Message(next(self._ids), text, self._now() + hidden_for)
        self.messages[message.id] = message
        self._changed(message.visible_at)

    def receive(self, hidden_for: float, pick: Callable[[int], int]) -> Message | None:
        """Receive one of the visible messages. ``pick`` chooses which of so many. None: none is
        visible."""
        now = self._now()
        seen = [m for m in self.messages.values() if m.visible_at <= now]
        if not seen:
            return None
        message = seen[pick(len(seen))]
        message.dequeue_count += 1
        message.receipt = next(self._ids)
        message.visible_at = now + hidden_for
        self._changed(message.visible_at)
        return Message(
            message.id, message.text, message.visible_at, message.dequeue_count, message.receipt
        )

    def hide(self, received: Message, hidden_for: float) -> None:
        """Hide a received message for longer. Raises MessageGoneError."""
        message = self._mine(received)
        message.receipt = received.receipt = next(self._ids)
        message.visible_at = self._now() + hidden_for
        self._changed(message.visible_at)

    def delete(self, received: Message) -> None:
        """Delete a received message. Raises MessageGoneError."""
        del self.messages[self._mine(received).id]

    def _mine(self, received: Message) -> Message:
        message = self.messages.get(received.id)
        if message is None or message.receipt != received.receipt:
            raise MessageGoneError(received.text)
        return message
