"""The outside world as the engine sees it, handed to every function of the engine."""

from dataclasses import dataclass, field
from datetime import timedelta

from shared.core.allowed import NOTHING, Allowed
from shared.core.pace import Pace
from shared.ports import Clock, ControlPlane, Machines, Queue, Rights, Scripts, Store, Webhooks


@dataclass(frozen=True, slots=True)
class Options:
    """``holder`` names this instance in leases."""

    holder: str
    pace: Pace = field(default_factory=Pace)
    lease: timedelta = timedelta(seconds=90)
    overdue: timedelta = timedelta(seconds=45)
    """So late a drain's own message may be before the timer sends another."""
    allowed: Allowed = NOTHING
    address: str = ""
    """Where this app is called, up to ``/api/``; empty: where the request at hand came to."""


@dataclass(frozen=True, slots=True)
class Outside:
    store: Store
    plane: ControlPlane
    machines: Machines
    scripts: Scripts
    rights: Rights
    webhooks: Webhooks
    queue: Queue
    clock: Clock
    options: Options
