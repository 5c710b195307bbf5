"""The kinds of facts in a drain's history. Programs read the fields of a fact, never the sentence
that ``history`` makes of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from shared.core.drain.history.effects import Effect
from shared.core.host.outcome import Result
from shared.core.host.phases import Phase
from shared.core.host.status import Status


@dataclass(frozen=True, slots=True)
class Asked:
    """A drain was asked for. ``hosts``: how many. ``selection``: how they were chosen, in words."""

    hosts: int
    selection: str
    kind: Literal["asked"] = "asked"


@dataclass(frozen=True, slots=True)
class NotKnown:
    """Something that the drain will need could not be read at its start."""

    text: str
    kind: Literal["notKnown"] = "notKnown"


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The status of the whole drain changed."""

    before: Status
    after: Status
    kind: Literal["status"] = "status"


@dataclass(frozen=True, slots=True)
class Moved:
    """A host went from one phase to another. ``code``: of its ending; empty if that is not decided
    yet."""

    before: Phase
    after: Phase
    code: str = ""
    kind: Literal["phase"] = "phase"


@dataclass(frozen=True, slots=True)
class Acted:
    """An action was taken. ``text``: what the service said if it refused, or why the action was not
    tried."""

    effect: Effect
    result: Result
    text: str = ""
    kind: Literal["action"] = "action"


@dataclass(frozen=True, slots=True)
class Answered:
    """The webhook reported how its maintenance of the host ended."""

    succeeded: bool
    kind: Literal["answer"] = "answer"


OrderName = Literal["cancel", "release", "skip", "extend", "pause", "resume", "add"]


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order. ``hosts``: the keys of the hosts concerned; empty: all hosts."""

    what: OrderName
    hosts: tuple[str, ...] = ()
    more: timedelta | None = None
    """How much the deadlines were moved by."""
    until: datetime | None = None
    """The latest resulting deadline of the hosts that were out then."""
    stop_clocks: bool | None = None
    """For a pause: whether the deadlines move with it."""
    names: tuple[str, ...] = ()
    """The names of the first of these hosts, for the sentence."""
    kind: Literal["order"] = "order"


@dataclass(frozen=True, slots=True)
class NeedsAttention:
    """A person should look at the host; the entry's ``why`` says why."""

    kind: Literal["attention"] = "attention"


@dataclass(frozen=True, slots=True)
class StepFailed:
    """A step failed with an unexpected error. ``error``: its type."""

    error: str
    kind: Literal["stepFailed"] = "stepFailed"


@dataclass(frozen=True, slots=True)
class StepPutAside:
    """A step failed so often that its message went to the poison queue."""

    kind: Literal["stepPutAside"] = "stepPutAside"


@dataclass(frozen=True, slots=True)
class WatchdogActed:
    """The watchdog took an action to restore a host."""

    effect: Effect
    result: Result
    text: str = ""
    kind: Literal["watchdog"] = "watchdog"


@dataclass(frozen=True, slots=True)
class FoundRestored:
    """The watchdog found that the host is as it was before."""

    kind: Literal["restored"] = "restored"


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an older version that holds no fact which a program needs."""

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
