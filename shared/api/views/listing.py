"""Drains as a list shows them, and the list of what was done."""

from typing import NotRequired, TypedDict

from pydantic import with_config

from shared.ports import Summary
from shared.wire.views.history import EntryView
from shared.wire.views.words import CLOSED, StatusWord, Time, time


@with_config(CLOSED)
class SummaryView(TypedDict):
    """A line in the list of drains."""

    id: str
    """What the drain is asked for by."""
    status: StatusWord
    """How far it is as a whole."""
    hostPool: str
    """The host pool's resource id."""
    reason: str
    """Why it was asked for."""
    askedAt: Time | None
    """When it was asked for."""


@with_config(CLOSED)
class DrainList(TypedDict):
    """Drains, the newest first."""

    value: list[SummaryView]
    """The items of this page."""
    nextLink: NotRequired[str]
    """Where the next page is; left out on the last."""


@with_config(CLOSED)
class History(TypedDict):
    """What was done, oldest first."""

    value: list[EntryView]
    """The items of this page."""
    nextLink: NotRequired[str]
    """Where the next page is; left out on the last."""


def summary_view(summary: Summary) -> SummaryView:
    return {
        "id": summary.id,
        "status": summary.status.value,
        "hostPool": summary.pool,
        "reason": summary.reason,
        "askedAt": time(summary.asked_at),
    }
