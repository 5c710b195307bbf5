"""Lists: drains, hosts that are out, events that came."""

from typing import Literal, NotRequired, TypedDict

from pydantic import with_config

from shared.wire.views.history import EntryView
from shared.wire.views.words import CLOSED, StatusWord, Time


@with_config(CLOSED)
class SummaryView(TypedDict):
    """A line in the list of drains."""

    id: str
    status: StatusWord
    hostPool: str
    reason: str
    askedAt: Time | None


@with_config(CLOSED)
class DrainList(TypedDict):
    value: list[SummaryView]
    nextLink: NotRequired[str]


@with_config(CLOSED)
class History(TypedDict):
    value: list[EntryView]
    nextLink: NotRequired[str]


@with_config(CLOSED)
class ClaimView(TypedDict):
    """A host that is not as it was, or not for sure, and what is known of it."""

    host: str
    hostPool: str
    state: Literal["out", "keptDrained", "putBackByWatchdog"]
    drain: str
    since: Time | None
    restoreBy: Time | None
    allowNewSessionBefore: bool | None
    note: str | None


@with_config(CLOSED)
class ClaimList(TypedDict):
    value: list[ClaimView]


@with_config(CLOSED)
class HeardView(TypedDict):
    """An event that came, and what came of it."""

    at: Time | None
    type: str
    id: str
    subject: str
    outcome: Literal["acted", "ignored", "malformed", "refused", "waiting", "early"]
    text: str
    drain: str | None
    until: Time | None


@with_config(CLOSED)
class EventList(TypedDict):
    value: list[HeardView]
    nextLink: NotRequired[str]
