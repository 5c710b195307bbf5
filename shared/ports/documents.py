"""Records of any kind, and parts of lists."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Page[T]:
    """Part of a list; ``next`` continues it, None at its end. ``last`` continues after the last
    item, also at the end; None for a part without items."""

    items: tuple[T, ...]
    next: str | None = None
    last: str | None = None
    unreadable: tuple[str, ...] = ()
    """Keys of records that are left out, as this version cannot read them."""


class Documents[T](Protocol):
    """Records of one kind by key. Each call raises StorageError; reading a record that this version cannot
    read raises UnreadableError, which is one."""

    async def get(self, key: str) -> tuple[T, str] | None:
        """With its version; None if there is none."""
        ...

    async def insert(self, key: str, item: T) -> None:
        """Raises ChangedError if there is one already."""
        ...

    async def replace(self, key: str, item: T, version: str) -> None:
        """Raises ChangedError if it is not at that version any more."""
        ...

    async def delete(self, key: str, version: str = "") -> None:
        """Without a version: whatever there is, or nothing. Raises ChangedError if it is not at that
        version any more."""
        ...

    async def list(self, prefix: str, most: int, token: str | None) -> Page[T]:
        """In the order of their keys; ``unreadable`` ones are left out."""
        ...
