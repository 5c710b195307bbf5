"""The outside world as the engine sees it, handed to every function of the engine."""

from dataclasses import dataclass, field
from datetime import timedelta

from shared.core.turn import Pace
from shared.ports import Clock, ControlPlane, Machines, Queue, Store


@dataclass(frozen=True, slots=True)
class Options:
    """``holder`` names this instance in leases."""

    holder: str
    pace: Pace = field(default_factory=Pace)
    lease: timedelta = timedelta(seconds=90)
    overdue: timedelta = timedelta(seconds=45)
    """So late a drain's own message may be before the timer sends another."""


@dataclass(frozen=True, slots=True)
class Outside:
    store: Store
    plane: ControlPlane
    machines: Machines
    queue: Queue
    clock: Clock
    options: Options
