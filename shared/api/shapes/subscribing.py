"""Webhooks and subscribers."""

from typing import Literal, TypedDict

from pydantic import with_config

from shared.wire.views.words import CLOSED, Time


@with_config(CLOSED)
class Answered(TypedDict):
    """What a webhook said was taken."""

    drain: str
    status: Literal["Succeeded", "Failed"]


@with_config(CLOSED)
class SubscriptionView(TypedDict):
    """Somebody who is told. The callback address is never shown."""

    id: str
    drain: str
    events: Literal["end", "phases"]
    cancelOnUnsubscribe: bool
    state: Literal["waiting", "delivered", "refused", "ended"]
    tries: int
    lastResult: str | None
    nextTryAt: Time | None
