"""Calls to others: webhooks, subscribers, the topic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from shared.core.drain.announcements import Announcement


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
    """Calls to addresses that a caller named and the operator allows. Errors that are raised do
    not hold the address."""

    async def call(self, url: str, what: WebhookCall) -> None: ...

    async def post(self, url: str, body: Mapping[str, Any], key: str) -> None:
        """``key`` is the same for a repeated call."""
        ...


class Topic(Protocol):
    async def publish(self, announcements: Sequence[Announcement]) -> None: ...
