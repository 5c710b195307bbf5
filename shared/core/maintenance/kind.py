"""What every kind of maintenance answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.core.actions import Action
from shared.core.model import Control, Ending, HostRecord
from shared.core.seen import Seen
from shared.core.turn import Pace


@dataclass(frozen=True, slots=True)
class Needs:
    """What a look must ask after for one host: its long operation, its VM."""

    operation: str | None = None
    machine: str | None = None


@dataclass(frozen=True, slots=True)
class Begin:
    """The host with what it notes before beginning; without an action, it has begun."""

    host: HostRecord
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class NotYet:
    """It cannot begin, or is not over: why, and when to look again."""

    code: str
    text: str
    look_at: datetime


@dataclass(frozen=True, slots=True)
class Finished:
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class NeverBegan:
    """It turned out that the lost answer was no: it may begin again."""

    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """It will not be finished: the host is put back with this ending."""

    ending: Ending
    by: str = ""


class Kind(Protocol):
    """One kind of maintenance."""

    def needs(self, host: HostRecord) -> Needs: ...

    def begin(self, host: HostRecord, seen: Seen, now: datetime, pace: Pace) -> Begin | NotYet:
        """Begin on a host that is empty. Called again in each look until it has begun."""
        ...

    def look(
        self, control: Control, host: HostRecord, seen: Seen, now: datetime, pace: Pace
    ) -> NotYet | Finished | NeverBegan | Ended:
        """How far it is, once begun."""
        ...
