"""What an entry of a drain's history can say: a closed set of kinds. Programs read these fields, and never
the sentence that ``history`` makes of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from shared.core.drain.history.effects import Effect
from shared.core.host.outcome import Result
from shared.core.host.phases import Phase
from shared.core.host.status import Status


@dataclass(frozen=True, slots=True)
class Asked:
    """A drain of so many hosts was asked for; ``selection``: how they were chosen, in words."""

    hosts: int
    selection: str
    kind: Literal["asked"] = "asked"


@dataclass(frozen=True, slots=True)
class NotKnown:
    """Something that the drain will need could not be told at its start."""

    text: str
    kind: Literal["notKnown"] = "notKnown"


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """Of the whole drain."""

    before: Status
    after: Status
    kind: Literal["status"] = "status"


@dataclass(frozen=True, slots=True)
class Moved:
    """A host went from one phase to another. ``code``: of its ending, as far as that is known by then."""

    before: Phase
    after: Phase
    code: str = ""
    kind: Literal["phase"] = "phase"


@dataclass(frozen=True, slots=True)
class Acted:
    """Something was done to the world; ``text``: what the service said, if it refused."""

    effect: Effect
    result: Result
    text: str = ""
    kind: Literal["action"] = "action"


@dataclass(frozen=True, slots=True)
class Answered:
    """The webhook told how its maintenance of the host ended."""

    succeeded: bool
    kind: Literal["answer"] = "answer"


OrderName = Literal["cancel", "release", "skip", "extend", "pause", "resume", "add"]


@dataclass(frozen=True, slots=True)
class Ordered:
    """What an order asked for: for which hosts (by key; none named: for all), and how much."""

    what: OrderName
    hosts: tuple[str, ...] = ()
    more: timedelta | None = None
    """By how much the deadlines were moved."""
    until: datetime | None = None
    """The latest deadline that came of it, of the hosts that were out then."""
    stop_clocks: bool | None = None
    """Of a pause: whether the deadlines move along."""
    names: tuple[str, ...] = ()
    """Of the first of the hosts, for the sentence."""
    kind: Literal["order"] = "order"


@dataclass(frozen=True, slots=True)
class NeedsAttention:
    """A person should look at the host; the entry says why."""

    kind: Literal["attention"] = "attention"


@dataclass(frozen=True, slots=True)
class StepFailed:
    """As nobody foresaw; ``error`` names its type."""

    error: str
    kind: Literal["stepFailed"] = "stepFailed"


@dataclass(frozen=True, slots=True)
class StepPutAside:
    """A step failed so often that the queue put its message aside."""

    kind: Literal["stepPutAside"] = "stepPutAside"


@dataclass(frozen=True, slots=True)
class WatchdogActed:
    """The watchdog puts a host back."""

    effect: Effect
    result: Result
    text: str = ""
    kind: Literal["watchdog"] = "watchdog"


@dataclass(frozen=True, slots=True)
class FoundRestored:
    """The watchdog found that the host is as it was."""

    kind: Literal["restored"] = "restored"


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an older version that says nothing a program could need."""

    text: str
    kind: Literal["line"] = "line"


Fact = (
    Asked
    | NotKnown
    | StatusChanged
    | Moved
    | Acted
    | Answered
    | Ordered
    | NeedsAttention
    | StepFailed
    | StepPutAside
    | WatchdogActed
    | FoundRestored
    | Line
)
