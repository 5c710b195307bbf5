"""A queue that behaves as Storage queues do; ``tests/integration`` holds it to that.

A message that was received is hidden for a while and then seen again, by anybody, unless whoever
received it last has deleted it. Times are seconds of whatever clock it is given.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Message:
    """``receipt`` is that of its last reading: an older one deletes nothing."""

    id: int
    text: str
    visible_at: float
    dequeue_count: int = 0
    receipt: int = 0


class MessageGoneError(Exception):
    """The message was deleted, or somebody else has received it since."""


class MemoryQueue:
    """``changed`` is called with the time at which something may be received."""

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
        """Any message that can be seen: ``pick`` says which of so many. None if none can."""
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
        """Raises MessageGoneError."""
        message = self._mine(received)
        message.receipt = received.receipt = next(self._ids)
        message.visible_at = self._now() + hidden_for
        self._changed(message.visible_at)

    def delete(self, received: Message) -> None:
        """Raises MessageGoneError."""
        del self.messages[self._mine(received).id]

    def _mine(self, received: Message) -> Message:
        message = self.messages.get(received.id)
        if message is None or message.receipt != received.receipt:
            raise MessageGoneError(received.text)
        return message
