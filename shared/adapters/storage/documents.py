"""Records of one kind in a partition of the table ``index``. Each is changed at the version that
was read."""

import logging
from typing import Any

from shared.adapters.storage import records
from shared.adapters.storage.tables.table import (
    Op,
    Table,
    TableConflictError,
    Values,
    page,
    unless_changed,
)
from shared.errors import ChangedError, UnreadableError
from shared.ports import Page

log = logging.getLogger(__name__)

RUNS = "moments"
"""The partition of schedules' runs, by an old word for them. A run is inserted, so that of two instances one sees to it.
Under another name, two versions that run side by side while one is published, or taken back, would both see to it, and post
its report twice."""


class TableDocuments[T]:
    """Implements ``shared.ports.Documents``."""

    def __init__(self, index: Table, partition: str, kind: type[T]) -> None:
        self._index = index
        self._partition = partition
        self._kind: Any = kind

    async def get(self, key: str) -> tuple[T, str] | None:
        row = await self._index.get(self._partition, key)
        return None if row is None else (self._read(key, row.values), row.etag)

    async def insert(self, key: str, item: T) -> None:
        with unless_changed(f"{key} is there already"):
            await self._index.transact(self._partition, [Op("insert", key, self._values(item))])

    async def replace(self, key: str, item: T, version: str) -> None:
        op = Op("replace", key, self._values(item), version)
        with unless_changed(f"{key} was changed meanwhile"):
            await self._index.transact(self._partition, [op])

    async def delete(self, key: str, version: str = "") -> None:
        if await self._index.get(self._partition, key) is None:
            if version:
                raise ChangedError(f"{key} is gone")
            return
        try:
            await self._index.transact(self._partition, [Op("delete", key, etag=version)])
        except TableConflictError as error:
            if version:
                raise ChangedError(f"{key} was changed meanwhile") from error
            raise

    async def list(self, prefix: str, most: int, token: str | None) -> Page[T]:
        rows, token = await page(self._index, self._partition, prefix, most, token, {})
        found: list[T] = []
        unreadable: list[str] = []
        for row in rows:
            try:
                found.append(self._read(row.key, row.values))
            except UnreadableError as error:
                log.error("left out: %s", error)  # noqa: TRY400 - the text says all
                unreadable.append(row.key)
        last = rows[-1].key.removeprefix(prefix) if rows else None
        return Page(tuple(found), token, last, tuple(unreadable))

    def _values(self, item: T) -> Values:
        return records.packed(records.adapter(self._kind).dump_json(item).decode())

    def _read(self, key: str, values: Values) -> T:
        with records.readable(f"{self._partition} {key}"):
            found: T = records.read_document(self._kind, self._partition, values)
            return found
