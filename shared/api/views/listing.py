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


def summary_view(summary: Summary) -> SummaryView:
    return {
        "id": summary.id,
        "status": summary.status.value,
        "hostPool": summary.pool,
        "reason": summary.reason,
        "askedAt": time(summary.asked_at),
    }
