"""What triage decides about signals, and what the event's record says of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from shared.core.events.signals import Signal
from shared.core.events.triage import Group
from shared.core.start.request import Start


@dataclass(frozen=True, slots=True)
class BeginDrain:
    """Start a drain, or add hosts to the running drain of the same cause."""

    group: Group
    asked: Start
    drain: str
    """The id of the running drain. Empty: start a new one."""
    hosts: tuple[str, ...]
    """The hosts that are not in the drain yet."""


@dataclass(frozen=True, slots=True)
class CallOff:
    """Cancel a maintenance run: the floor does not let its hosts out together, or users remain on
    some of them."""

    signals: tuple[Signal, ...]
    run: str
    why: str


@dataclass(frozen=True, slots=True)
class End:
    """End hosts of a drain whose cause is over: hosts in maintenance are released, hosts before it
    are skipped."""

    signal: Signal
    drain: str
    release: tuple[str, ...]
    skip: tuple[str, ...]


Todo = BeginDrain | CallOff | End


AGAIN = "what other drains have is asked for again after them"


@dataclass(slots=True)
class Triage:
    """The result of triage. ``notes``: what to say of a signal, by the digest of its key.
    ``later``: signals that cannot be judged yet. ``taken``: by signal, its machines whose host
    another drain has; they are asked for again when that drain is over. ``refused``: signals that
    ask for what cannot be done."""

    todos: list[Todo] = field(default_factory=list)
    notes: dict[str, list[str]] = field(default_factory=dict)
    later: set[str] = field(default_factory=set)
    taken: dict[str, set[str]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    acted: dict[str, list[str]] = field(default_factory=dict)
    """By signal, the drains that were started, changed or ended for it; empty ids where it was none."""
    asks: dict[str, frozenset[str]] = field(default_factory=dict)
    """The machines that a signal asks for, by the digest of its key."""
    serves: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """The machines that a host is (its VM, and the session host itself), by pool key and host
    key."""
    early: dict[str, dict[str, datetime]] = field(default_factory=dict)
    """By signal, its machines that are handled at a later time, with that time: their event is far
    ahead, or they are not known yet."""

    decides_at: datetime | None = None
    """When it must be decided whether a maintenance run goes on although other drains have some of
    its hosts. None: nothing of that kind is pending."""

    def decide_at(self, at: datetime) -> None:
        """Decide at ``at``, or earlier if something else must be decided earlier."""
        self.decides_at = min(self.decides_at or at, at)

    def wait(self, signal: Signal, machines: Iterable[str], until: datetime) -> None:
        """Leave these machines of the signal for the time ``until``."""
        waiting = self.early.setdefault(signal.key.digest, {})
        waiting.update(dict.fromkeys(machines, until))

    def meant(self, signal: Signal, pool: str, host: str) -> set[str]:
        """The machines by which a signal means a host."""
        return self.serves.get((pool, host), set()) & self.asks.get(signal.key.digest, frozenset())

    def leave(self, signals: Iterable[Signal], text: str, *, later: bool = True) -> None:
        """Leave these signals for later, or (``later=False``) refuse what they ask for; and why."""
        for signal in signals:
            (self.later if later else self.refused).add(signal.key.digest)
            self.note(signal, text)

    def note_taken(
        self, signal: Signal, pool: str, host: str, why: str, *, waits: bool = True
    ) -> None:
        """Note that another drain has a host, if the signal means it. ``waits``: the signal asks for
        it again after that."""
        if machines := self.meant(signal, pool, host):
            self.note(signal, why)
            if waits:
                self.taken.setdefault(signal.key.digest, set()).update(machines)

    def drain_of(self, signal: Signal) -> str:
        """The first drain that has to do with the signal; empty if there is none."""
        return next(filter(None, self.acted.get(signal.key.digest, ())), "")

    def said(self, signal: Signal, *more: str) -> str:
        """What the event's record says of a signal."""
        return "; ".join([*self.notes.get(signal.key.digest, ()), *more])[:1000]

    def note(self, signal: Signal, text: str) -> None:
        """Add a sentence to what is said of a signal. Empty and repeated texts are dropped."""
        noted = self.notes.setdefault(signal.key.digest, [])
        if text and text not in noted:
            noted.append(text)
