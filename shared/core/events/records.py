"""The record of a received event, so that a repeated event acts only once, even after days, and its
sender can see the outcome."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventOutcome(StrEnum):
    """What the app did with an event."""

    ACTED = "acted"
    IGNORED = "ignored"
    """It does not concern this app, or is out of date."""
    MALFORMED = "malformed"
    REFUSED = "refused"
    """What it asked for cannot be done."""
    WAITING = "waiting"
    """It is being handled, or waits for that. Events that arrive together are handled together."""
    EARLY = "early"
    """It arrived before the event that it refers to."""


@dataclass(frozen=True, slots=True)
class EventKey:
    """Identifies an event. Its id alone does not: some sources use one id for several events of a
    run, or send one event for each of several machines."""

    type: str
    id: str
    subject: str

    @property
    def digest(self) -> str:
        """The same for type and subject in any letter case."""
        parts = (self.type.lower(), self.id, self.subject.lower())
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event and its outcome. ``drain``: the drain that it started or concerned; empty if there
    is none."""

    key: EventKey
    at: datetime
    outcome: EventOutcome
    text: str
    drain: str = ""
    until: datetime | None = None
    """When it will be handled again, if that is far ahead; None otherwise."""
