"""A table in memory that behaves as Table Storage does; ``tests/integration`` holds it to that."""

import itertools
from collections.abc import Sequence

from shared.adapters.tables import Op, Row, TableConflictError, Values


class MemoryTable:
    """Keeps the protocol ``shared.adapters.tables.Table``."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], Row] = {}
        self._etags = itertools.count(1)

    async def get(self, partition: str, key: str) -> Row | None:
        return self._rows.get((partition, key))

    async def scan(
        self, partition: str, first: str, last: str, most: int = 0, where: Values | None = None
    ) -> list[Row]:
        found = [
            row
            for (part, key), row in sorted(self._rows.items())
            if part == partition
            and first <= key < last
            and all(row.values.get(name) == value for name, value in (where or {}).items())
        ]
        return found[:most] if most else found

    async def transact(self, partition: str, ops: Sequence[Op]) -> list[str]:
        if not 1 <= len(ops) <= 100:
            raise ValueError(f"a transaction of {len(ops)} changes")
        if len({op.key for op in ops}) != len(ops):
            raise ValueError("a transaction that names a row twice")
        for op in ops:
            here = self._rows.get((partition, op.key))
            missing = here is None and op.kind in ("replace", "delete")
            stale = here is not None and op.kind == "replace" and here.etag != op.etag
            if missing or stale or (here is not None and op.kind == "insert"):
                raise TableConflictError(f"{op.kind} {op.key}")
        etags = []
        for op in ops:
            etag = "" if op.kind == "delete" else f'W/"{next(self._etags)}"'
            if op.kind == "delete":
                del self._rows[partition, op.key]
            else:
                values = {k: v for k, v in op.values.items() if v is not None}
                self._rows[partition, op.key] = Row(partition, op.key, values, etag)
            etags.append(etag)
        return etags
