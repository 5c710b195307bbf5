"""What is remembered of an event that came: so that a repeated one acts once, also after days, and so
that whoever sent it can see what came of it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventOutcome(StrEnum):
    ACTED = "acted"
    IGNORED = "ignored"
    """Not for this app, or without sense any more."""
    MALFORMED = "malformed"
    REFUSED = "refused"
    """What it asked for can't be done."""
    WAITING = "waiting"
    """It is being seen to; events that come together are seen to together."""
    EARLY = "early"
    """It has overtaken the one that it is about."""


@dataclass(frozen=True, slots=True)
class EventKey:
    """What tells an event from another. Its id alone does not: some sources give one id to several
    events of a run, or send one event for each of several machines."""

    type: str
    id: str
    subject: str

    @property
    def digest(self) -> str:
        """The type and the subject in any letter case."""
        parts = (self.type.lower(), self.id, self.subject.lower())
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class EventRecord:
    """An event, and what came of it. ``drain``: the one that it started, or was about."""

    key: EventKey
    at: datetime
    outcome: EventOutcome
    text: str
    drain: str = ""
    until: datetime | None = None
    """Until when it waits before it is seen to again, if that is far ahead."""
