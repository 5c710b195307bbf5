"""What every kind of maintenance says of itself."""

from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar, Protocol

from shared.core.access.allowed import Allowed


class Kind(Protocol):
    """A kind of maintenance, as a policy asks for it."""

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


class Harmless:
    """A kind that needs no permission of the operator beyond the right to start a drain."""

    __slots__ = ()

    def faults(self, allowed: Allowed) -> Iterable[tuple[str, str]]:
        return ()
