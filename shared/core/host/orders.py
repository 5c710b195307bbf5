"""Orders that people and systems give to a drain, at its start and later."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.core.host.host import KeptDrained


@dataclass(frozen=True, slots=True)
class Order:
    """Who asked for something, when, and why."""

    by: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """Until the drain is resumed, no further host goes out, nobody is signed out, and no
    maintenance begins."""

    asked: Order
    stop_clocks: bool
    """Whether the deadlines of hosts that are out move by the length of the pause."""
    resumed: Order | None = None
    """The order that ended the pause; None while it lasts."""
    campaign: str = ""
    """The id of the campaign that paused the drain; empty if somebody else did."""


@dataclass(frozen=True, slots=True)
class Extension:
    """More time for the users of these hosts; of all hosts if ``hosts`` is empty."""

    asked: Order
    by: timedelta
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a webhook said about the host that it was given."""

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
