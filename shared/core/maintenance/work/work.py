"""What the rules of a kind of maintenance answer, and the values that they return."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.core.host.actions import Action
from shared.core.host.control import HostControl
from shared.core.host.host import Ending, HostRecord
from shared.core.observation.look import Look
from shared.core.observation.seen import Seen


@dataclass(frozen=True, slots=True)
class Needs:
    """What a look must read for one host: its long operation (by address), its VM (by id), or a
    script's run (by VM id and run name). None: not needed."""

    operation: str | None = None
    machine: str | None = None
    script: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Begin:
    """The maintenance begins with this action; without an action it has begun. ``host``: the host
    with what is to be remembered before that."""

    host: HostRecord
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class NotYet:
    """The maintenance cannot begin, or is not over. ``code`` and ``text``: what it waits for.
    ``look_at``: when to look again. ``host``: the host with what was noted; None if nothing was.
    ``action``: the next action; None if there is none."""

    code: str
    text: str
    look_at: datetime
    host: HostRecord | None = None
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The maintenance ended well. ``by``: who said so; empty for the app itself."""

    text: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class NeverBegan:
    """The request with the lost answer had no effect, so the maintenance may begin again."""

    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The maintenance will not be finished: the host is restored, with this ending."""

    ending: Ending
    by: str = ""


type HostLook = Look[HostControl]
"""What is seen in one look, and what the drain's control says of its hosts."""
type Progress = NotYet | Finished | NeverBegan | Ended
"""How far the maintenance of one host is."""


@dataclass(frozen=True, slots=True)
class Work[K](ABC):
    """How one kind of maintenance is done. Every method is pure: what must be read comes in a look,
    what must be done goes out as an action. ``asked``: the maintenance that the policy asks for."""

    asked: K

    def begin(self, look: HostLook, host: HostRecord) -> Begin | NotYet:
        """Begin on an empty host. This is called in each look until the maintenance has begun."""
        return Begin(host)

    @abstractmethod
    def look(self, look: HostLook, host: HostRecord) -> Progress:
        """How far the maintenance is, once it has begun."""

    def needs(self, host: HostRecord) -> Needs:
        """What the look must read for this host."""
        return Needs()

    def watched_run(self) -> str:
        """The id of the maintenance run that each look reads; empty if there is none."""
        return ""

    def read(self, hosts: Iterable[HostRecord], seen: Seen) -> Seen:
        """The look, corrected by what is known from the drain's own actions."""
        return seen

    def off(self, seen: Seen) -> Ending | None:
        """Why no host is to be maintained any more; None while hosts are."""
        return None

    def for_all(self, look: HostLook, hosts: Iterable[HostRecord]) -> Action | None:
        """An action to take once for all hosts of the drain, in the name of one of them; None if
        there is none."""
        return None

    def look_at(self, look: HostLook, hosts: Iterable[HostRecord]) -> datetime | None:
        """When all hosts must be looked at, whatever each waits for; None: at no particular time."""
        return None
