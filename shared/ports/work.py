"""The clock, and the queue that carries the app's work."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """The current time."""

    def now(self) -> datetime:
        """The current time, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class TakeStep:
    """Take a step of a drain. ``step_number`` None: the next step, whatever its number; then
    ``tries`` counts how often this message found the pool's lease held."""

    drain: str
    step_number: int | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class StepCampaign:
    """Take a step of a campaign, by its id."""

    campaign: str


@dataclass(frozen=True, slots=True)
class SeeToEvents:
    """Handle the signals that wait in the inbox."""


@dataclass(frozen=True, slots=True)
class TellSubscriber:
    """Call a subscriber of a drain. ``subscription`` is the subscription's id."""

    drain: str
    subscription: str


@dataclass(frozen=True, slots=True)
class PostReport:
    """Post the report of a schedule's run to the address that the schedule names. ``run`` is the
    run's key."""

    run: str


@dataclass(frozen=True, slots=True)
class TellReceiver:
    """Send a receiver, by its name, the notifications that wait in its lane."""

    receiver: str


@dataclass(frozen=True, slots=True)
class PassOn:
    """Hand the drain's happenings that were not handed on yet to the lanes of their receivers."""

    drain: str


Call = TellSubscriber | PostReport | TellReceiver | PassOn
"""Work that calls others. Such messages have a queue of their own."""
Work = TakeStep | StepCampaign | SeeToEvents | Call
"""One message of a queue."""


class Queue(Protocol):
    """The queues of the app's work."""

    async def send(self, work: Work, delay: timedelta) -> None:
        """Put a message into the queue for its kind. It becomes visible after ``delay``, rounded up
        to whole seconds, at most about seven days. It may be delivered more than once, and out
        of order. Raises StorageError."""
        ...
