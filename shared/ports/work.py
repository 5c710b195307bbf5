"""Time, and the queue that carries the work."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The time, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class TakeStep:
    """A look at a drain, and what follows from it. ``step_number`` None: whichever step it is, and then ``tries``
    counts how often it found the pool worked on."""

    drain: str
    step_number: int | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class StepCampaign:
    campaign: str


@dataclass(frozen=True, slots=True)
class SeeToEvents:
    """See to the events that wait."""


@dataclass(frozen=True, slots=True)
class TellSubscriber:
    """Call a subscriber of a drain."""

    drain: str
    subscription: str


@dataclass(frozen=True, slots=True)
class PostReport:
    """Post the report of a schedule's run, which ``run`` is the key of."""

    run: str


@dataclass(frozen=True, slots=True)
class TellReceiver:
    """Tell a receiver of notifications what waits for it."""

    receiver: str


@dataclass(frozen=True, slots=True)
class PassOn:
    """Hand on what happened in a drain, and has not been handed on, to those who are to be told."""

    drain: str


Call = TellSubscriber | PostReport | TellReceiver | PassOn
"""What tells others: such messages have a queue of their own."""
Work = TakeStep | StepCampaign | SeeToEvents | Call
"""One message of a queue."""


class Queue(Protocol):
    async def send(self, work: Work, delay: timedelta) -> None:
        """Put a message into the queue that is for its kind; it shows itself after ``delay``, in whole
        seconds. It may come twice, and out of order. Raises StorageError."""
        ...
