"""Calls to others: webhooks, subscribers, the app's Event Grid topic, receivers of notifications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from shared.core.drain.announcements import Announcement
from shared.core.notifications.message import Message


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """The body of a call that hands a host to a webhook. ``time`` is 1 for the first call and
    counts up with each repetition. ``callback`` is the address at which the webhook says how the
    work ended; it is a secret between the webhook and the app. ``answer_by`` is when the app
    gives up waiting, in UTC."""

    drain: str
    pool: str
    host: str
    vm_id: str
    reason: str
    time: int
    callback: str = field(repr=False)
    answer_by: datetime


class Webhooks(Protocol):
    """Calls to addresses that a caller named and the operator allows. Each raises OutsideError:
    AnswerLostError if the call may have been accepted, else the error that tells why it was not
    (NotFoundError for 404 and 410). Errors do not contain the address."""

    async def call(self, url: str, what: WebhookCall) -> None:
        """Hand a host over for maintenance. A repeated call has the same idempotency key."""
        ...

    async def post(self, url: str, body: Mapping[str, Any], key: str) -> None:
        """POST ``body`` as JSON. ``key`` is the idempotency key: the same for a repeated call."""
        ...


class Topic(Protocol):
    """The Event Grid topic on which the app publishes its own events."""

    async def publish(self, announcements: Sequence[Announcement]) -> None:
        """Publish all announcements, or none. A repeated call may publish them twice. Raises
        OutsideError."""
        ...


class Receivers(Protocol):
    """The receivers of notifications that the operator has configured, by name."""

    async def notify(self, receiver: str, message: Message) -> None:
        """Send a message to a receiver. A repeated call may show it twice, with the same message
        id. Raises OutsideError as ``Webhooks`` does, NotFoundError if no receiver has this name,
        and PassingError if its address or key cannot be read now. Errors contain neither."""
        ...
