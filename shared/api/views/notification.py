"""What waits for receivers of notifications, and what came of a test."""

from datetime import datetime
from typing import Literal

from shared.core.drain.happenings import Kind, Level
from shared.core.notifications.lane import Lane, due_at
from shared.core.notifications.rules import Receiver, ReceiverKind
from shared.engine.notifications.trying import Tried
from shared.wire.views.words import Time, View, time


class WaitingView(View):
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


class GivenUpView(View):
    """One thing that was not told."""

    kind: Kind
    """What kind of thing happened."""
    text: str
    """What happened."""
    at: Time | None
    """When it was given up."""
    why: str
    """Why it was given up."""


class ReceiverView(View):
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


class NotificationsView(View):
    """All receivers."""

    value: list[ReceiverView]
    """In the order in which the setting has them."""


class TriedView(View):
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
                "kind": each.happening.kind,
                "level": each.happening.level,
                "text": each.happening.text,
                "hostPools": list(each.happening.pools),
                "drain": each.happening.drain or None,
                "host": each.happening.host or None,
                "schedule": each.happening.schedule or None,
                "at": time(each.happening.at),
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


def tried_view(tried: Tried) -> TriedView:
    return {
        "receiver": tried.receiver.name,
        "messageId": tried.id,
        "sentAt": time(tried.at),
        "taken": tried.taken,
        "text": tried.text,
    }
