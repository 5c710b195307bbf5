"""What people and systems ask of a drain, at its start and after it: who, when, why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.core.host.host import KeptDrained


@dataclass(frozen=True, slots=True)
class Order:
    """Something a person or a system asked for: who, when, why."""

    by: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """No new host goes out, nobody is signed out, no maintenance begins, until it is resumed."""

    asked: Order
    stop_clocks: bool
    """Whether the deadlines of hosts that are out move by as long as the pause lasts."""
    resumed: Order | None = None
    campaign: str = ""
    """The id of the campaign that paused its drains; empty: it was somebody else."""


@dataclass(frozen=True, slots=True)
class Extension:
    """More time for the users of these hosts (of all hosts, if none is named)."""

    asked: Order
    by: timedelta
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a webhook said of the host that it was given."""

    at: datetime
    succeeded: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class Addition:
    """A host that was added to a drain after its start."""

    asked: Order
    key: str
    name: str
    object_id: str | None = None
    vm_id: str | None = None
    kept_drained: KeptDrained | None = None
