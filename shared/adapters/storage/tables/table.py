"""Table Storage as the store needs it: one partition at a time, each change whole or not at all.

With this protocol, ``store`` reads like what it stores, and a stand-in can replace the service.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

from shared.errors import ChangedError

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Among:
    """A condition in place of a value: the property has one of these strings."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """A condition in place of a value: the property has another value, or none."""

    value: str


class NotEmpty:
    """A condition in place of a value: the property is a string that is not empty."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entity as it was read. ``etag`` identifies this version of it."""

    partition: str
    key: str
    values: Values
    etag: str


LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that a row does not tell."""


def time_in(row: Row, name: str) -> datetime | None:
    """A time of a row. None: there is none, or it is none. Of many rows that are read together, one may be from another
    hand, and spoils only itself."""
    found = row.values.get(name)
    return found if isinstance(found, datetime) and found.tzinfo is not None else None


@dataclass(frozen=True, slots=True)
class Op:
    """One change. ``insert`` fails if the row exists, ``replace`` if it is not at ``etag``,
    ``delete`` if an ``etag`` is given and the row is not at it."""

    kind: Literal["insert", "upsert", "replace", "delete"]
    key: str
    values: Values = field(default_factory=dict)
    etag: str = ""


class TableConflictError(Exception):
    """A condition of a transaction did not hold. Nothing was written."""


class Table(Protocol):
    """One table. Row keys are compared as strings."""

    async def get(self, partition: str, key: str) -> Row | None: ...

    async def scan(
        self, partition: str, first: str, last: str, most: int = 0, where: Values | None = None,
        *, versions: bool = True,
    ) -> list[Row]:  # fmt: skip
        """The rows with ``first <= key < last`` in the order of their keys, at most ``most`` unless
        that is 0, whose properties equal those of ``where``. ``where`` may hold ``Among``, ``Other``
        and ``NotEmpty``. Without ``versions`` the rows have no ETags, and take half the bytes."""
        ...

    async def transact(self, partition: str, ops: Sequence[Op]) -> list[str]:
        """Carry out at most 100 changes of different rows, all or none. Returns the rows' new ETags
        in the same order. Raises TableConflictError."""
        ...


class Tables:
    """What keeps rows in both tables: ``pools`` and ``index``."""

    def __init__(self, pools: Table, index: Table) -> None:
        self._pools = pools
        self._index = index


@contextmanager
def unless_changed(text: str) -> Iterator[None]:
    """Raises ChangedError with this text if a condition of a transaction within does not hold."""
    try:
        yield
    except TableConflictError as error:
        raise ChangedError(text) from error


END = "~"
"""A key after all keys that this app makes."""
MOST_CHANGES = 100
"""The most changes in one transaction that the service accepts."""


def under(prefix: str = "") -> tuple[str, str]:
    """The first and the last key of a scan of all keys with a prefix."""
    return prefix, prefix + END


_AT_ONCE = 500


async def rows_from(
    table: Table, partition: str, first: str, where: Values | None = None
) -> AsyncIterator[Row]:
    """The rows from a key on, read some at a time: whoever has enough reads no more."""
    while True:
        listed = await table.scan(partition, first, END, _AT_ONCE, where)
        for row in listed:
            yield row
        if len(listed) < _AT_ONCE:
            return
        first = f"{listed[-1].key} "


async def page_of_some(
    table: Table,
    partition: str,
    most: int,
    token: str | None,
    where: Values,
    keep: Callable[[Row], bool],
) -> tuple[list[Row], str | None]:
    """A page of the rows that are to be kept, as full as there are such rows. The token names a row that is kept, so that
    it tells nothing of others."""
    found: list[Row] = []
    first = "" if token is None else f"{token} "
    async for row in rows_from(table, partition, first, where):
        if keep(row):
            found.append(row)
        if len(found) > most:
            return found[:most], found[most - 1].key
    return found, None


async def page(
    table: Table, partition: str, prefix: str, most: int, token: str | None, where: Values
) -> tuple[list[Row], str | None]:
    """A page of at most ``most`` rows whose keys begin with ``prefix``, and the token of the next
    page (None: there is none). ``token``: the key after which the page begins, without the
    prefix."""
    first = prefix if token is None else f"{prefix}{token} "
    listed = await table.scan(partition, first, prefix + END, most + 1, where)
    if len(listed) <= most:
        return listed, None
    return listed[:most], listed[most - 1].key.removeprefix(prefix)
