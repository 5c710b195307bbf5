"""Signals: what an event says about machines, in one form for all sources.

A machine is the resource id of a VM. Which host pool it belongs to is not known to the event. A
matter is what several events are about: a run, a scheduled event, an alert, a VM's health.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.core.events.records import EventKey


class Source(StrEnum):
    """The kinds of events that rules are written for."""

    UPDATE_MANAGER = "updateManager"
    PREDICTED_LOSS = "predictedLoss"
    PLATFORM_MAINTENANCE = "platformMaintenance"
    SCHEDULED_EVENT = "scheduledEvent"
    ALERT = "alert"


class Says(StrEnum):
    """What a signal says about its machines."""

    DRAIN = "drain"
    """Drain these machines, by a time, for a reason."""
    OVER = "over"
    """The matter is over: verify the hosts and restore them."""
    RECOVERED = "recovered"
    """The machines are available again: no drain is needed."""


@dataclass(frozen=True, slots=True)
class RunTold:
    """A maintenance run of Azure Update Manager, as its events describe it. They name no machines."""

    id: str
    subscriptions: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    cut_off: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """``about``: identifies the matter, and so connects its end with its beginning.
    ``happened_at``: by the source's clock. ``at``: when the app received it."""

    key: EventKey
    says: Says
    at: datetime
    happened_at: datetime
    reason: str
    source: Source | None = None
    """The source that rules refer to; for ``DRAIN`` only."""
    ends: tuple[Source, ...] = ()
    """The sources whose drains it ends; for ``OVER`` and ``RECOVERED``."""
    machines: tuple[str, ...] = ()
    about: str = ""
    run: RunTold | None = None
    by: datetime | None = None
    """Until when users have time; None if the source does not say."""
    stale_at: datetime | None = None
    """From when on it is out of date; None: never."""
    part: int = 0
    """How often it was cut down to some of its machines, because other drains had the hosts of the
    rest."""
    not_before: datetime | None = None
    """It is not handled before this time, because what it announces is far ahead, or its machine is
    not known yet. None: now."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What rules may test: ``severity``, ``alertRule``, ``targetType``, ``eventType``,
    ``annotation``."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """The event does not concern this app."""

    why: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """The event cannot be read; every fault in it."""

    faults: tuple[str, ...]


Reading = Signal | Ignored | Malformed
"""The result of reading a source's event."""


def machine_key(vm_id: str) -> str:
    """A VM's identity: its resource id in lower case."""
    return vm_id.strip().rstrip("/").lower()


def machine_type(machine: str) -> str:
    """The resource type of a machine. One signal may name machines of both types."""
    return "sessionHosts" if "/sessionhosts/" in machine.lower() else "virtualMachines"
