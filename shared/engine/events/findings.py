"""What was found to be done about signals, and what is to be said of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from shared.core.events.signals import Signal
from shared.core.events.triage import Group
from shared.core.start.request import Start


@dataclass(frozen=True, slots=True)
class BeginDrain:
    """Start a drain, or add hosts to the one of the same cause."""

    group: Group
    asked: Start
    drain: str
    """The running one; empty: a new one."""
    hosts: tuple[str, ...]
    """Those that are not in it yet."""


@dataclass(frozen=True, slots=True)
class CallOff:
    """Cancel a maintenance run: the floor does not let its hosts out together, or users remain on
    some of them."""

    signals: tuple[Signal, ...]
    run: str
    why: str


@dataclass(frozen=True, slots=True)
class End:
    """Hosts of a drain whose cause is over: those in maintenance are released, those before it are
    left alone."""

    signal: Signal
    drain: str
    release: tuple[str, ...]
    skip: tuple[str, ...]


Todo = BeginDrain | CallOff | End


AGAIN = "what other drains have is asked for again after them"


@dataclass(slots=True)
class Triage:
    """``notes``: what is to be said of a signal, by the digest of its key. ``later``: signals that
    cannot be judged yet. ``refused``: those that ask for what can't be done. ``taken``: their
    machines whose host another drain has; when that is over they are asked for again."""

    todos: list[Todo] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    later: set[str] = field(default_factory=set)
    taken: dict[str, set[str]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    asks: dict[str, frozenset[str]] = field(default_factory=dict)
    """The machines that a signal asks for, by its digest."""
    serves: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """The machines that a host is, by its pool and its own key: its VM, and itself."""
    early: dict[str, dict[str, datetime]] = field(default_factory=dict)
    """By signal, its machines that are seen to at a later time, each with that: far ahead, or not
    known yet."""

    decides_at: datetime | None = None
    """When it must be decided whether a run goes on, of which other drains have hosts."""

    def decide_at(self, at: datetime) -> None:
        self.decides_at = min(self.decides_at or at, at)

    def wait(self, signal: Signal, machines: Iterable[str], until: datetime) -> None:
        """These of its machines are seen to then."""
        waiting = self.early.setdefault(signal.key.digest, {})
        waiting.update(dict.fromkeys(machines, until))

    def meant(self, signal: Signal, pool: str, host: str) -> set[str]:
        """The machines by which a signal means a host."""
        return self.serves.get((pool, host), set()) & self.asks.get(signal.key.digest, frozenset())

    def note(self, signal: Signal, text: str) -> None:
        noted = self.notes.setdefault(signal.key.digest, [])
        if text and text not in noted:
            noted.append(text)
