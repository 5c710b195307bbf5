"""What every kind of maintenance answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Protocol

from shared.core.access.allowed import Allowed
from shared.core.host.actions import Action
from shared.core.host.control import HostControl
from shared.core.host.host import Ending, HostRecord
from shared.core.observation.look import Look
from shared.core.observation.seen import Seen


@dataclass(frozen=True, slots=True)
class Needs:
    """What a look must ask after for one host: its long operation, its VM, a script's run (by VM
    id and name)."""

    operation: str | None = None
    machine: str | None = None
    script: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Begin:
    """The host with what it notes before beginning; without an action, it has begun."""

    host: HostRecord
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class NotYet:
    """It cannot begin, or is not over: why, and when to look again. ``host`` is the host with
    what was noted, if anything was; ``action`` what is to be done next."""

    code: str
    text: str
    look_at: datetime
    host: HostRecord | None = None
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class NeverBegan:
    """It turned out that the lost answer was no: it may begin again."""

    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """It will not be finished: the host is put back with this ending."""

    ending: Ending
    by: str = ""


class Usual:
    """What most kinds answer to questions that are about a few."""

    __slots__ = ()

    def watched_run(self) -> str:
        """The maintenance run whose state each look reads; empty: none."""
        return ""

    def read(self, hosts: Iterable[HostRecord], seen: Seen) -> Seen:
        """The look, with what is known better from what was done."""
        return seen

    def off(self, seen: Seen) -> Ending | None:
        """Why no host is to be maintained after all; None while they are."""
        return None

    def for_all(
        self,
        look: Look[HostControl],
        hosts: Iterable[HostRecord],
    ) -> Action | None:
        """What is to be done once for all hosts of the drain, on behalf of one of them."""
        return None

    def look_at(self, look: Look[HostControl], hosts: Iterable[HostRecord]) -> datetime | None:
        """When it must be looked at for all hosts, whatever each waits for; None: never."""
        return None


class Harmless(Usual):
    """A kind that needs nobody's leave beyond the right to start a drain."""

    __slots__ = ()

    def faults(self, allowed: Allowed) -> Iterable[tuple[str, str]]:
        return ()


class Kind(Protocol):
    """One kind of maintenance."""

    disturbs: ClassVar[bool]
    """It takes the machine down, and so keeps out of the agent's update windows."""
    maintains: ClassVar[bool]
    """A host that went through it counts as maintained."""
    held: ClassVar[bool]
    """The host is out until somebody says that it is over."""

    works_on_vm: ClassVar[bool]
    """It changes the host's VM; then ``shared.core.start.permissions`` lists its rights, by its kind."""

    def faults(self, allowed: Allowed) -> Iterable[tuple[str, str]]:
        """What is wrong with it, given what the operator allows: the policy's field, and what."""
        ...

    def longest(self) -> timedelta:
        """How long it may take, from its beginning to its end."""
        ...

    def needs(self, host: HostRecord) -> Needs: ...

    def watched_run(self) -> str: ...

    def read(self, hosts: Iterable[HostRecord], seen: Seen) -> Seen: ...

    def off(self, seen: Seen) -> Ending | None: ...

    def for_all(
        self,
        look: Look[HostControl],
        hosts: Iterable[HostRecord],
    ) -> Action | None: ...

    def look_at(self, look: Look[HostControl], hosts: Iterable[HostRecord]) -> datetime | None: ...

    def begin(self, look: Look[HostControl], host: HostRecord) -> Begin | NotYet:
        """Begin on a host that is empty. Called again in each look until it has begun."""
        ...

    def look(
        self, look: Look[HostControl], host: HostRecord
    ) -> NotYet | Finished | NeverBegan | Ended:
        """How far it is, once begun."""
        ...
