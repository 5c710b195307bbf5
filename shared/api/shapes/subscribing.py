"""Webhooks and subscribers."""

from typing import Literal, NotRequired, TypedDict

from pydantic import with_config

from shared.api.shapes.ending import ErrorBody, ResultView
from shared.api.shapes.listing import EntryView
from shared.api.shapes.words import CLOSED, StatusWord, Time


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


@with_config(CLOSED)
class Callback(TypedDict):
    """What a subscriber is sent. `changes` are those since the last call; `result` or `error` come
    with the end."""

    subscription: str
    drain: str
    status: StatusWord
    changes: list[EntryView]
    result: NotRequired[ResultView]
    error: NotRequired[ErrorBody]
