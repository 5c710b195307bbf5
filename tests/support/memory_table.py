"""A table in memory that behaves like Table Storage; ``tests/integration`` compares the two.

Where the emulator is laxer than the service (the size and the number of an entity's properties, the
number of changes in a transaction), this keeps to the service's published limits.
"""

import bisect
import itertools
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from shared.adapters.storage.tables.table import (
    Among,
    NotEmpty,
    Op,
    Row,
    TableConflictError,
    Values,
)

MOST_CHANGES = 100
MOST_PROPERTIES = 252
LONGEST_STRING = 32 * 1024
"""In UTF-16 code units: the service's limit is 64 KiB."""
LARGEST_ENTITY = 1024 * 1024
LARGEST_TRANSACTION = 4 * 1024 * 1024
_FORBIDDEN = re.compile(r"[/\\#?\x00-\x1f\x7f-\x9f]")


class LimitError(ValueError):
    """Something that the service would refuse as a whole: a fault of the app."""


class MemoryTable:
    """Implements ``shared.adapters.storage.tables.table.Table``."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, Row]] = defaultdict(dict)
        self._keys: dict[str, list[str]] = defaultdict(list)
        self._etags = itertools.count(1)

    async def get(self, partition: str, key: str) -> Row | None:
        return self._rows[partition].get(key)

    async def scan(
        self, partition: str, first: str, last: str, most: int = 0, where: Values | None = None
    ) -> list[Row]:
        return self.peek(partition, first, last, most, where)

    def peek(
        self, partition: str, first: str, last: str, most: int = 0, where: Values | None = None
    ) -> list[Row]:
        """Like ``scan``, for a test that looks on from outside."""
        keys, rows = self._keys[partition], self._rows[partition]
        here = keys[bisect.bisect_left(keys, first) : bisect.bisect_left(keys, last)]
        found = [rows[key] for key in here]
        if where:
            found = [r for r in found if all(_fits(r.values.get(k), v) for k, v in where.items())]
        return found[:most] if most else found

    def everything(self) -> dict[tuple[str, str], Row]:
        """All rows as they are now."""
        return {(p, key): row for p, rows in self._rows.items() for key, row in rows.items()}

    def put(self, partition: str, op: Op) -> None:
        """Make one change, as somebody else with access to the table."""
        self._transact(partition, [op])

    async def transact(self, partition: str, ops: Sequence[Op]) -> list[str]:
        return self._transact(partition, ops)

    def _transact(self, partition: str, ops: Sequence[Op]) -> list[str]:
        check(partition, ops)
        rows = self._rows[partition]
        for op in ops:
            here = rows.get(op.key)
            missing = here is None and op.kind in ("replace", "delete")
            named = op.kind == "replace" or (op.kind == "delete" and op.etag != "")
            stale = here is not None and named and here.etag != op.etag
            if missing or stale or (here is not None and op.kind == "insert"):
                raise TableConflictError(f"{op.kind} {op.key}")
        etags = []
        for op in ops:
            etag = "" if op.kind == "delete" else f'W/"{next(self._etags)}"'
            if op.kind == "delete":
                del rows[op.key]
                keys = self._keys[partition]
                del keys[bisect.bisect_left(keys, op.key)]
            else:
                if op.key not in rows:
                    bisect.insort(self._keys[partition], op.key)
                values = {k: v for k, v in op.values.items() if v is not None}
                rows[op.key] = Row(partition, op.key, values, etag)
            etags.append(etag)
        return etags


def _fits(value: Any, wanted: Any) -> bool:
    match wanted:
        case NotEmpty():
            return bool(value)
        case Among(values):
            return value in values
        case _:
            return bool(value == wanted)


def check(partition: str, ops: Sequence[Op]) -> None:
    """Raise LimitError for what the service never accepts."""
    if not 1 <= len(ops) <= MOST_CHANGES:
        raise LimitError(f"a transaction of {len(ops)} changes")
    if len({op.key for op in ops}) != len(ops):
        raise LimitError("a transaction that names a row twice")
    if not _storable(partition):
        raise LimitError(f"a key that Table Storage does not take: {partition!r}")
    total = 0
    for op in ops:
        if not _storable(op.key):
            raise LimitError(f"a key that Table Storage does not take: {op.key!r}")
        if len(op.values) > MOST_PROPERTIES:
            raise LimitError(f"{op.key} has {len(op.values)} properties")
        size = 0
        for name, value in op.values.items():
            size += 2 * len(name) + _size(op.key, name, value)
        if size > LARGEST_ENTITY:
            raise LimitError(f"{op.key} has {size} bytes")
        total += size
    if total > LARGEST_TRANSACTION:
        raise LimitError(f"a transaction of {total} bytes")


@lru_cache(maxsize=4096)
def _storable(key: str) -> bool:
    return _FORBIDDEN.search(key) is None


def _size(key: str, name: str, value: Any) -> int:
    if isinstance(value, str):
        units = len(value) if value.isascii() else len(value.encode("utf-16-le")) // 2
        if units > LONGEST_STRING:
            raise LimitError(f"{key}: {name} has {units} characters")
        return 2 * units
    if value is not None and not isinstance(value, bool | int | float | datetime):
        raise LimitError(f"{key}: {name} is a {type(value).__name__}")
    return 8
