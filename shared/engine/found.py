"""What was found to be done about notices, and what is to be said of them."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.core.notices import Notice
from shared.core.triage import Group
from shared.engine import intake


@dataclass(frozen=True, slots=True)
class Begin:
    """Start a drain, or add hosts to the one of the same cause."""

    group: Group
    asked: intake.Start
    drain: str
    """The running one; empty: a new one."""
    hosts: tuple[str, ...]
    """Those that are not in it yet."""


@dataclass(frozen=True, slots=True)
class CallOff:
    """Cancel a maintenance run: the floor does not let its hosts out together, or users remain on
    some of them."""

    notices: tuple[Notice, ...]
    run: str
    why: str


@dataclass(frozen=True, slots=True)
class End:
    """Hosts of a drain whose cause is over: those in maintenance are released, those before it are
    left alone."""

    notice: Notice
    drain: str
    release: tuple[str, ...]
    skip: tuple[str, ...]


Todo = Begin | CallOff | End


AGAIN = "what other drains have is asked for again after them"


@dataclass(slots=True)
class Triage:
    """``notes``: what is to be said of a notice, by the digest of its key. ``later``: notices that
    cannot be judged yet. ``refused``: those that ask for what can't be done. ``taken``: their
    machines whose host another drain has; when that is over they are asked for again."""

    todos: list[Todo] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    later: set[str] = field(default_factory=set)
    taken: dict[str, set[str]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    foreign: set[str] = field(default_factory=set)
    """Notices about no session host."""
    asks: dict[str, frozenset[str]] = field(default_factory=dict)
    """The machines that a notice asks for, by its digest."""
    serves: dict[tuple[str, str], str] = field(default_factory=dict)
    """The machine of a host, by its pool and its own key."""

    decides_at: datetime | None = None
    """When it must be decided whether a run goes on, of which other drains have hosts."""

    def decide_at(self, at: datetime) -> None:
        self.decides_at = min(self.decides_at or at, at)

    def note(self, notice: Notice, text: str) -> None:
        noted = self.notes.setdefault(notice.key.digest, [])
        if text and text not in noted:
            noted.append(text)
