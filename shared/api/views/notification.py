"""What waits for receivers of notifications, and what came of a test."""

from datetime import datetime
from typing import Literal, TypedDict

from pydantic import with_config

from shared.core.drain.happenings import Happening, Kind, Level
from shared.core.notifications.lane import Lane, due_at
from shared.core.notifications.rules import Receiver, ReceiverKind
from shared.engine.notifications.trying import Tried
from shared.wire.views.words import CLOSED, Time, time


@with_config(CLOSED)
class WaitingView(TypedDict):
    """One thing that is still to be told."""

    kind: Kind
    """What kind of thing happened."""
    level: Level
    """How bad it is."""
    text: str
    """What happened."""
    hostPools: list[str]
    """The host pools that it is about."""
    drain: str | None
    """The id of the drain."""
    host: str | None
    """The host."""
    schedule: str | None
    """The schedule."""
    at: Time | None
    """When it happened last."""
    times: int
    """How often it happened since it waits."""
    notBefore: Time | None
    """It is not told before, so that what comes together is told together."""
    tries: int
    """How often it was sent, and not taken."""
    messageId: str | None
    """The id of the message that tells it, once that was sent."""


@with_config(CLOSED)
class GivenUpView(TypedDict):
    """One thing that was not told."""

    kind: Kind
    """What kind of thing happened."""
    text: str
    """What happened."""
    at: Time | None
    """When it was given up."""
    why: str
    """Why it was given up."""


@with_config(CLOSED)
class ReceiverView(TypedDict):
    """One receiver, and what waits for it. Its address is never shown."""

    name: str
    """Its name in NOTIFICATIONS."""
    kind: ReceiverKind
    """What it is."""
    state: Literal["idle", "waiting", "failing", "unreadable"]
    """`failing`: it did not take the last message. `unreadable`: a newer version wrote what waits."""
    taken: int
    """How many messages it took."""
    lastTakenAt: Time | None
    """When it last took one."""
    lastResult: str | None
    """What came of the last try."""
    failingSince: Time | None
    """Since when it has taken nothing."""
    nextAt: Time | None
    """When the next message is sent."""
    waiting: list[WaitingView]
    """What is still to be told, in the order in which it came."""
    givenUpCount: int
    """How many things were given up in all."""
    givenUp: list[GivenUpView]
    """The latest of them, the newest first."""


@with_config(CLOSED)
class NotificationsView(TypedDict):
    """All receivers."""

    value: list[ReceiverView]
    """In the order in which the setting has them."""


@with_config(CLOSED)
class TriedView(TypedDict):
    """What came of a test message."""

    receiver: str
    """Its name."""
    messageId: str
    """The id that the message had."""
    sentAt: Time | None
    """When it was sent."""
    taken: bool
    """Whether the receiver took it."""
    text: str
    """What came of it, in words."""


def receiver_view(
    receiver: Receiver, lane: Lane | None, now: datetime, *, readable: bool
) -> ReceiverView:
    lane = lane or Lane(receiver.name)
    state: Literal["idle", "waiting", "failing", "unreadable"] = "idle"
    if not readable:
        state = "unreadable"
    elif lane.failing_since is not None:
        state = "failing"
    elif lane.waiting:
        state = "waiting"

    return {
        "name": receiver.name,
        "kind": receiver.kind,
        "state": state,
        "taken": lane.taken,
        "lastTakenAt": time(lane.last_taken_at),
        "lastResult": lane.last_result or None,
        "failingSince": time(lane.failing_since),
        "nextAt": time(due_at(lane, receiver, now)),
        "waiting": [
            {
                **_told(each.happening),
                "times": each.times,
                "notBefore": time(each.not_before),
                "tries": each.tries,
                "messageId": each.message or None,
            }
            for each in lane.waiting
        ],
        "givenUpCount": lane.given_up_count,
        "givenUp": [
            {
                "kind": each.happening.kind, "text": each.happening.text, "at": time(each.at),
                "why": each.why,
            }
            for each in reversed(lane.given_up)
        ],
    }  # fmt: skip


class _Told(TypedDict):
    kind: Kind
    level: Level
    text: str
    hostPools: list[str]
    drain: str | None
    host: str | None
    schedule: str | None
    at: Time | None


def _told(happening: Happening) -> _Told:
    return {
        "kind": happening.kind,
        "level": happening.level,
        "text": happening.text,
        "hostPools": list(happening.pools),
        "drain": happening.drain or None,
        "host": happening.host or None,
        "schedule": happening.schedule or None,
        "at": time(happening.at),
    }


def tried_view(tried: Tried) -> TriedView:
    return {
        "receiver": tried.receiver.name,
        "messageId": tried.id,
        "sentAt": time(tried.at),
        "taken": tried.taken,
        "text": tried.text,
    }
