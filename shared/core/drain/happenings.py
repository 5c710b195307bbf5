"""What happened that somebody may want to be told of: a few facts, small enough to be kept until they are told.

They are made from typed entries of the history (``notifications/derived.py``), and stored with them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    DRAIN_STARTED = "drainStarted"
    HOST_ATTENTION = "hostAttention"
    DRAIN_ENDED = "drainEnded"
    SCHEDULE_REPORT = "scheduleReport"
    TEST = "test"
    """An operator tries a receiver. It is sent at once, and not repeated."""


class Level(StrEnum):
    """How bad it is, the least first."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        return tuple(Level).index(self)


@dataclass(frozen=True, slots=True)
class Happening:
    """``id`` is the same whenever the same is told again. ``about`` is the same for the same thing about the same
    host, drain or schedule: what folds repeats."""

    id: str
    kind: Kind
    level: Level
    at: datetime
    about: str
    text: str
    """What happened, in one sentence."""
    pools: tuple[str, ...] = ()
    """Resource ids of the host pools that it is about."""
    drain: str = ""
    host: str = ""
    """By name."""
    schedule: str = ""
    reason: str = ""
    """Why the drain was asked for."""
    asked_by: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Of a drain that ended, or of a report: hosts by what became of them, and users."""
    details: tuple[str, ...] = ()
    """Lines that say more."""
    address: str = ""
    """Where the app is called, up to ``/api/``; empty: that is not known."""

    @property
    def size(self) -> int:
        """Characters of its record, as UTF-16 has them, about."""
        texts = (self.id, self.about, self.text, *self.pools, self.drain, self.host, self.schedule,
                 self.reason, self.asked_by, *self.details, self.address, *self.counts)  # fmt: skip
        return _FRAME + sum(_length(text) for text in texts)


_FRAME = 400


def _length(text: str) -> int:
    """With its quotes, and what stands beside it."""
    return 8 + len(json.dumps(text, ensure_ascii=False).encode("utf-16-le", "replace")) // 2
