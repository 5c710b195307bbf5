"""The doctor's findings about receivers: whether they accept messages, and what was given up."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from shared.core.notifications.lane import SHOWN_FOR, Lane
from shared.core.notifications.rules import Notifications, Receiver
from shared.core.start.doctor.findings import Finding, Severity, Unread
from shared.core.values.texts import count

_TRY = "POST /api/notifications/test with its name, or avd-drain notify, tries it: see docs/notifications.md."


def receivers(
    notifications: Notifications, lanes: Mapping[str, Lane] | Unread, now: datetime
) -> Iterator[Finding]:
    """The findings; none without receivers. ``lanes``: the lanes that could be read, by receiver."""
    for receiver in notifications.receivers:
        about = f"NOTIFICATIONS: {receiver.name}"
        if isinstance(lanes, Unread):
            text = f"what waits for it could not be read: {lanes.text}"
            yield Finding("NotRead", Severity.UNKNOWN, about, text, "Mend storage first.")
        else:
            yield from _of(receiver, about, lanes.get(receiver.name), now)


def _of(receiver: Receiver, about: str, lane: Lane | None, now: datetime) -> Iterator[Finding]:
    if lane is None or (lane.failing_since is None and lane.last_taken_at is None):
        text = "nothing was sent there yet: whether it takes anything is not known"
        yield Finding("ReceiverNotTried", Severity.UNKNOWN, about, text, _TRY)
    elif lane.failing_since is not None:
        since = f"{lane.failing_since:%Y-%m-%d %H:%M} UTC"
        waits = count(len(lane.waiting), "thing")
        yield Finding(
            "ReceiverFails", Severity.ERROR, about,
            f"it has taken nothing since {since}, and {waits} wait: {lane.last_result}",
            f"Mend its address, its key, or the receiver; what waits is sent by itself then. {_TRY}",
        )  # fmt: skip
    else:
        yield Finding("ReceiverTakes", Severity.OK, about, "it took the last message")
    lost = lane.given_up_since(now - SHOWN_FOR) if lane is not None else ()
    if lost:
        last = lost[-1]
        yield Finding(
            "NotificationsGivenUp", Severity.ERROR, about,
            f"{count(len(lost), 'thing')} of the last week were given up, the last at {last.at:%Y-%m-%d %H:%M} UTC: {last.why}",
            "GET /api/notifications says which; the drains' history has all of them.",
        )  # fmt: skip


def unread(names: tuple[str, ...]) -> Iterator[Finding]:
    """Findings about lanes that this version cannot read."""
    for name in names:
        yield Finding(
            "ReceiverUnreadable", Severity.ERROR, f"NOTIFICATIONS: {name}",
            "what waits for it was written by a newer version of the app, or is broken; nothing is sent there",
            "Publish the newer version again. Else remove its row from the partition lanes of the table index.",
        )  # fmt: skip
