"""What an event says of machines, whatever its source: one common kind of request.

A machine is the resource id of a VM. Which host pool it serves is not the event's to know.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.core.events.records import EventKey


class Source(StrEnum):
    """What a rule is about."""

    UPDATE_MANAGER = "updateManager"
    PREDICTED_LOSS = "predictedLoss"
    PLATFORM_MAINTENANCE = "platformMaintenance"
    SCHEDULED_EVENT = "scheduledEvent"
    ALERT = "alert"


class Says(StrEnum):
    DRAIN = "drain"
    """Drain these machines, by then, for this reason."""
    OVER = "over"
    """What it was about is over: verify, and put them back."""
    RECOVERED = "recovered"
    """They are well again: stand down."""


@dataclass(frozen=True, slots=True)
class RunTold:
    """A maintenance run of Azure Update Manager, as its events tell it. They name no machines."""

    id: str
    subscriptions: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    cut_off: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """``about`` ties what is over to what had begun: the run, the scheduled event, the alert.
    ``happened_at`` is the source's time, ``at`` the app's."""

    key: EventKey
    says: Says
    at: datetime
    happened_at: datetime
    reason: str
    source: Source | None = None
    """What a rule must be about to speak of it; for ``DRAIN`` only."""
    ends: tuple[Source, ...] = ()
    """Drains of these sources end with it; for the other two."""
    machines: tuple[str, ...] = ()
    about: str = ""
    run: RunTold | None = None
    by: datetime | None = None
    """Users have until then, if the source tells a time."""
    stale_at: datetime | None = None
    """From then on it makes no sense any more."""
    part: int = 0
    """How often it was cut down to what is left of it, others having its hosts."""
    not_before: datetime | None = None
    """It is not seen to before: it tells of something that is far ahead, or waits for its machine to
    be known."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What a rule may ask for: ``severity``, ``alertRule``, ``targetType``, ``eventType``,
    ``annotation``."""


@dataclass(frozen=True, slots=True)
class Ignored:
    why: str


@dataclass(frozen=True, slots=True)
class Malformed:
    faults: tuple[str, ...]


Reading = Signal | Ignored | Malformed
"""What a source's event comes to."""


def machine_key(vm_id: str) -> str:
    """A VM's identity: its resource id in lower case."""
    return vm_id.strip().rstrip("/").lower()


def machine_type(machine: str) -> str:
    """The resource type of a machine: one signal may name machines of both."""
    return "sessionHosts" if "/sessionhosts/" in machine.lower() else "virtualMachines"
