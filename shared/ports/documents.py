"""Storage for records of one kind by key, and pages of lists."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Page[T]:
    """One page of a list. ``next`` is the token that continues the list after this page, None at
    its end. ``last`` is the token that continues after the page's last item, also at the end of
    the list; None if the page has no items."""

    items: tuple[T, ...]
    next: str | None = None
    last: str | None = None
    unreadable: tuple[str, ...] = ()
    """Keys of records that were left out because this version cannot read them."""


class Documents[T](Protocol):
    """Records of one kind by key. A version is an opaque text that changes with each write. Each
    call raises StorageError; ``get`` also raises UnreadableError for a record that this version
    cannot read."""

    async def get(self, key: str) -> tuple[T, str] | None:
        """The record and its version; None if there is none."""
        ...

    async def insert(self, key: str, item: T) -> None:
        """Store a new record. Raises ChangedError if the key exists."""
        ...

    async def replace(self, key: str, item: T, version: str) -> None:
        """Replace a record. Raises ChangedError if it is no longer at ``version``, or was deleted."""
        ...

    async def delete(self, key: str, version: str = "") -> None:
        """Delete a record. With an empty ``version``: at any version, and nothing happens if there
        is none. Otherwise raises ChangedError if it is no longer at ``version``, or was deleted."""
        ...

    async def list(self, prefix: str, most: int, token: str | None) -> Page[T]:
        """At most ``most`` records whose keys begin with ``prefix``, in the order of their keys.
        ``token`` is None, or comes from an earlier page."""
        ...
