"""Checks of the installation: whether the storage account can be used, and when timers last ran."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class StorageCheck(Protocol):
    """Each check tries one table or queue and leaves nothing behind. It raises OutsideError:
    DeniedError if the app's identity lacks a right, PassingError if a later try may succeed."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the app's tables."""
        ...

    @property
    def queues(self) -> tuple[str, ...]:
        """The names of the queues to which the app sends messages."""
        ...

    async def table(self, name: str) -> datetime:
        """Write, read and remove a row in table ``name``. Returns when the service wrote it, by the
        service's clock."""
        ...

    async def queue(self, name: str) -> int:
        """Put an invisible message into queue ``name`` and remove it. Returns about how many
        messages its poison queue holds."""
        ...


class Beats(Protocol):
    """When each timer last ran. Each call raises StorageError."""

    async def ran(self, timer: str, at: datetime) -> None:
        """Record that a timer ran at this time. ``timer`` is the name of its setting. One write."""
        ...

    async def all(self) -> Mapping[str, datetime]:
        """When each timer last ran, by the name of its setting. Timers that never ran are missing.
        One query."""
        ...
