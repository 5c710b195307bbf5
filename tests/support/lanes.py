"""What waits for a receiver of notifications, made in a line."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.core.drain.happenings import Happening, Kind, Level
from shared.core.drain.model import Drain
from shared.core.host.host import Ending
from shared.core.host.outcome import Outcome, Refused
from shared.core.host.phases import Phase
from shared.core.notifications.lane import (
    Lane,
    after_try,
    claimed,
    due_at,
)
from shared.core.notifications.message import Message
from shared.core.notifications.rules import (
    Receiver,
    ReceiverKind,
)
from shared.core.values.pace import Pace
from tests.support.builders import NOON, POOL, a_drain, a_host

DESK = Receiver("desk", ReceiverKind.TEAMS, "NOTIFY_DESK")
PACE = Pace()
AWAY = Refused("it answered 503")
NEVER = Refused("it answered 400", final=True)


def happening(number: int = 1, kind: Kind = Kind.HOST_ATTENTION, **more: Any) -> Happening:
    made = Happening(
        f"d/{number}", kind, Level.ERROR, NOON, f"{kind}|{number}", f"host {number} is not well",
        (POOL.resource_id,), "d", f"host-{number}", asked_by="anna",
    )  # fmt: skip
    return replace(made, **more)


def ready(lane: Lane) -> datetime:
    at = due_at(lane, DESK, NOON)
    assert at is not None
    return at


def sent(lane: Lane, now: datetime, receiver: Receiver = DESK) -> tuple[Lane, Message]:
    lane, message = claimed(lane, receiver, now)
    assert message is not None
    return lane, message


def tried(lane: Lane, outcome: Outcome, now: datetime) -> Lane:
    lane, message = sent(lane, now)
    return after_try(lane, message.id, outcome, now, PACE)


def needing(number: int) -> Drain:
    ending = Ending(Phase.FAILED, "NotWell", "not well", attention=True)
    hosts = [a_host(f"host-{n}.contoso.example", phase=Phase.FAILED) for n in range(number)]
    return replace(a_drain(), hosts=tuple(replace(host, ending=ending) for host in hosts))
