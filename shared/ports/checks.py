"""Whether storage can be used, and whether timers run."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol


class StorageCheck(Protocol):
    """Each call tries what it is about and leaves nothing behind. It raises OutsideError: DeniedError where a
    right is missing, PassingError where it may succeed later."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the app's tables."""
        ...

    @property
    def queues(self) -> tuple[str, ...]:
        """The names of the queues that the app puts messages on."""
        ...

    async def table(self, name: str) -> datetime:
        """Write, read and remove a row; the service's time of the write."""
        ...

    async def queue(self, name: str) -> int:
        """Put a message that nobody sees, and remove it; how many lie in the queue's poison queue."""
        ...


class Beats(Protocol):
    """When timers ran. Each call raises StorageError."""

    async def ran(self, timer: str, at: datetime) -> None:
        """One write."""
        ...

    async def all(self) -> Mapping[str, datetime]:
        """When each last ran, by its setting, as far as it was noted. One query."""
        ...
