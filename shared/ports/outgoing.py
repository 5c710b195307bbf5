"""Calls to others: webhooks, subscribers, the topic, receivers of notifications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from shared.core.drain.announcements import Announcement
from shared.core.notifications.message import Message


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """What a webhook is told. ``callback`` is a secret between it and the app."""

    drain: str
    pool: str
    host: str
    vm_id: str
    reason: str
    time: int
    callback: str = field(repr=False)
    answer_by: datetime


class Webhooks(Protocol):
    """Calls to addresses that a caller named and the operator allows. Each raises OutsideError: for what
    was not taken (NotFoundError for 404 and 410), and AnswerLostError where it may have been. Errors do not
    hold the address."""

    async def call(self, url: str, what: WebhookCall) -> None:
        """Hand a host over for maintenance. The call names itself by a key that stays the same when it is
        repeated."""
        ...

    async def post(self, url: str, body: Mapping[str, Any], key: str) -> None:
        """Post a body. ``key`` is the same for a repeated call."""
        ...


class Topic(Protocol):
    """The Event Grid topic for the app's own events."""

    async def publish(self, announcements: Sequence[Announcement]) -> None:
        """All or none of them; again may show them twice. Raises OutsideError."""
        ...


class Receivers(Protocol):
    """Whom the operator wants to be told, by name."""

    async def notify(self, receiver: str, message: Message) -> None:
        """Again may show it twice; its id is the same then. Raises OutsideError, as ``Webhooks`` does; PassingError
        where the receiver's address or key is not known now. Errors hold neither."""
        ...
