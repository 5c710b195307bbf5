"""The interface of a kind of maintenance, and the values that its methods return."""

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


class Usual:
    """Answers for methods that only a few kinds need to override."""

    __slots__ = ()

    def watched_run(self) -> str:
        """The id of the maintenance run that each look reads; empty if there is none."""
        return ""

    def read(self, hosts: Iterable[HostRecord], seen: Seen) -> Seen:
        """The look, corrected by what is known from the drain's own actions."""
        return seen

    def off(self, seen: Seen) -> Ending | None:
        """Why no host is to be maintained any more; None while hosts are."""
        return None

    def for_all(
        self,
        look: Look[HostControl],
        hosts: Iterable[HostRecord],
    ) -> Action | None:
        """An action to take once for all hosts of the drain, in the name of one of them; None if
        there is none."""
        return None

    def look_at(self, look: Look[HostControl], hosts: Iterable[HostRecord]) -> datetime | None:
        """When all hosts must be looked at, whatever each waits for; None: at no particular time."""
        return None


class Harmless(Usual):
    """A kind that needs no permission of the operator beyond the right to start a drain."""

    __slots__ = ()

    def faults(self, allowed: Allowed) -> Iterable[tuple[str, str]]:
        return ()


class Kind(Protocol):
    """A kind of maintenance."""

    disturbs: ClassVar[bool]
    """Whether it takes the host down, so that it must keep out of the agent's update windows."""
    maintains: ClassVar[bool]
    """Whether a host counts as maintained after it."""
    held: ClassVar[bool]
    """Whether the host stays out until somebody says that the work is over."""

    works_on_vm: ClassVar[bool]
    """Whether it changes the host's VM. Then ``shared.core.start.permissions`` lists the rights
    that it needs."""

    def faults(self, allowed: Allowed) -> Iterable[tuple[str, str]]:
        """What is wrong with it, given what the operator allows: pairs of the policy's field and a
        text."""
        ...

    def longest(self) -> timedelta:
        """The longest time from its beginning to its end."""
        ...

    def needs(self, host: HostRecord) -> Needs:
        """What the look must read for this host."""
        ...

    def watched_run(self) -> str:
        """For this and the next four methods see ``Usual``."""
        ...

    def read(self, hosts: Iterable[HostRecord], seen: Seen) -> Seen: ...

    def off(self, seen: Seen) -> Ending | None: ...

    def for_all(
        self,
        look: Look[HostControl],
        hosts: Iterable[HostRecord],
    ) -> Action | None: ...

    def look_at(self, look: Look[HostControl], hosts: Iterable[HostRecord]) -> datetime | None: ...

    def begin(self, look: Look[HostControl], host: HostRecord) -> Begin | NotYet:
        """Begin on an empty host. This is called in each look until the maintenance has begun."""
        ...

    def look(
        self, look: Look[HostControl], host: HostRecord
    ) -> NotYet | Finished | NeverBegan | Ended:
        """How far the maintenance is, once it has begun."""
        ...
