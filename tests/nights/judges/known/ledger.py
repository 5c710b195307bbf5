"""Looks up what the app has stored, for the judges: which drain a host belongs to, what was asked
of it, and its history."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from shared.adapters.storage import records
from shared.adapters.storage.pool.hostpages import hosts_of
from shared.adapters.storage.tables.table import Row, Values
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Claim, Control, Progress
from shared.core.host.host import HostRecord, Wait
from shared.core.host.status import Status
from tests.support.memory_table import MemoryTable

NEWEST = 99
"""A schema that no version of the app knows. A disturbance of a night writes it and leaves the rest
of the record as it was, and judges know that."""


def _known(values: Values) -> Values:
    return {**values, "schema": records.SCHEMA} if values["schema"] == NEWEST else values


class Ledger(Protocol):
    """What is stored. ``lost``: drains whose records somebody removed."""

    lost: set[str]

    def claim(self, host: str, at: datetime) -> Claim | None:
        """The claim on the host at that time."""
        ...

    def claims(self, at: datetime) -> tuple[Claim, ...]: ...

    def control(self, drain: str) -> Control: ...

    def records(self, drain: str) -> Mapping[str, HostRecord]: ...

    def drains(self) -> tuple[str, ...]: ...

    def status(self, drain: str) -> Status: ...

    def history(self) -> Iterator[tuple[str, Entry]]: ...


class TableLedger:
    """What is stored in a table in memory, as it is now."""

    def __init__(self, table: MemoryTable, pool_key: str) -> None:
        self._table = table
        self._pool_key = pool_key
        self._controls: dict[str, Control] = {}
        self.lost: set[str] = set()

    def _rows(self, prefix: str) -> list[Row]:
        return self._table.peek(self._pool_key, prefix, prefix + "~")

    def claim(self, host: str, at: datetime) -> Claim | None:
        found = self._rows(f"claim|{host}")
        return records.read(Claim, _known(found[0].values)) if found else None

    def claims(self, at: datetime) -> tuple[Claim, ...]:
        return tuple(records.read(Claim, _known(row.values)) for row in self._rows("claim|"))

    def owner(self, host: str) -> str:
        """The drain that has a host, without reading the whole claim."""
        found = self._rows(f"claim|{host}")
        return str(found[0].values["drain"]) if found else ""

    def rows(self, drain: str) -> dict[str, Row]:
        prefix = f"drain|{drain}|"
        return {row.key.removeprefix(prefix): row for row in self._rows(prefix)}

    def control(self, drain: str) -> Control:
        """The control of a drain as it is now; if the record is lost, as it last was."""
        row = self.rows(drain).get("control")
        if row is not None:
            self._controls[drain] = records.read(Control, _known(row.values))
        return self._controls[drain]

    def records(self, drain: str) -> dict[str, HostRecord]:
        found = self.rows(drain)
        there = found.get("queue")
        line = records.read(Wait, _known(there.values)) if there is not None else None
        known = {key: replace(row, values=_known(row.values)) for key, row in found.items()}
        return {host.key: host for host in hosts_of(known, line)}

    def drains(self) -> tuple[str, ...]:
        found = (row.key.split("|") for row in self._rows("drain|"))
        return tuple(parts[1] for parts in found if parts[2] == "control")

    def status(self, drain: str) -> Status:
        return records.read(Progress, _known(self.rows(drain)["progress"].values)).status

    def history(self) -> Iterator[tuple[str, Entry]]:
        for row in self._rows("log|"):
            yield row.key.split("|")[1], records.read(Entry, _known(row.values))
