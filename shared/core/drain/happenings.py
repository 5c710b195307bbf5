"""Happenings: facts that receivers of notifications may want to know, small enough to be stored
until they are sent.

They are made from typed entries of the history (``notifications/derived.py``), and stored with
them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a happening is about. Receivers and rules choose by it."""

    DRAIN_STARTED = "drainStarted"
    HOST_ATTENTION = "hostAttention"
    DRAIN_ENDED = "drainEnded"
    SCHEDULE_REPORT = "scheduleReport"
    TEST = "test"
    """An operator tests a receiver. It is sent at once, and not repeated."""


class Level(StrEnum):
    """How serious it is, the least first."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """For comparing levels: 0 is the least serious."""
        return tuple(Level).index(self)


@dataclass(frozen=True, slots=True)
class Happening:
    """``id`` is the same each time the same happening is derived. ``about`` is the same for the
    same kind of happening about the same host, drain or schedule, so that repetitions can be
    folded into one."""

    id: str
    kind: Kind
    level: Level
    at: datetime
    about: str
    text: str
    """What happened, in one sentence."""
    pools: tuple[str, ...] = ()
    """Resource ids of the host pools concerned."""
    drain: str = ""
    host: str = ""
    """The host's name; empty if it is not about one host."""
    schedule: str = ""
    reason: str = ""
    """Why the drain was asked for."""
    asked_by: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    """For a drain that ended, or a report: numbers of hosts by result, and of users."""
    details: tuple[str, ...] = ()
    """Further lines of text."""
    address: str = ""
    """The address of the app, up to ``/api/``; empty if it is not known."""

    @property
    def size(self) -> int:
        """About how many UTF-16 characters its stored record takes."""
        texts = (self.id, self.about, self.text, *self.pools, self.drain, self.host, self.schedule,
                 self.reason, self.asked_by, *self.details, self.address, *self.counts)  # fmt: skip
        return _FRAME + sum(_length(text) for text in texts)


_FRAME = 400


def _length(text: str) -> int:
    """Of the text as JSON, with its quotes and separators."""
    return 8 + len(json.dumps(text, ensure_ascii=False).encode("utf-16-le", "replace")) // 2
