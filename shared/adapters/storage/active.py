"""The partition ``active`` of the table ``index``: what is late, in fair parts.

Keys: a drain's id; ``campaign|<id>``; ``inbox``; ``<drain>|<subscription>``.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from shared.adapters.storage import inbox
from shared.adapters.storage.tables import Row
from shared.core.values.drainid import is_drain_id, pool_key_of

OF_A_POOL = 3
"""Drains of one pool are worked on one after another, whichever of them is sent for."""
_SHARES = (0.4, 0.2, 0.2, 0.2)
"""Of the places, by kind: each has at least so many, however many of the others are late."""


def late(rows: Iterable[Row], before: datetime, most: int) -> list[str]:
    """The keys of at most ``most`` rows that are due before this time: what is out comes before what
    waits. Of a kind that is too many, one half are the oldest, the other any: so a row that nobody
    ever removes keeps no other from its turn."""
    kinds: tuple[list[Row], ...] = ([], [], [], [])
    there: Counter[tuple[int, str]] = Counter()
    for row in sorted(rows, key=_age):
        if row.values["dueAt"] > before:
            break
        kind = _kind(row)
        if kind < 2 and (pool := _pool(row.key)):
            there[kind, pool] += 1
            if there[kind, pool] > OF_A_POOL:
                continue
        kinds[kind].append(row)
    wanted = [len(kind) for kind in kinds]
    given = [min(want, int(most * share)) for want, share in zip(wanted, _SHARES, strict=True)]
    for number, want in enumerate(wanted):  # what others left over, in order of urgency
        given[number] += min(want - given[number], most - sum(given))
    return [
        row.key
        for kind, places in zip(kinds, given, strict=True)
        for row in _some(kind, places, before)
    ]


def _some(rows: list[Row], places: int, before: datetime) -> list[Row]:
    if len(rows) <= places:
        return rows
    first, rest = rows[: places - places // 2], rows[places - places // 2 :]

    def lot(row: Row) -> bytes:
        """Another order each time, the same on every instance."""
        return sha256(f"{before.isoformat()} {row.key}".encode()).digest()

    return [*first, *sorted(rest, key=lot)[: places // 2]]


def due(rows: Iterable[Row], before: datetime) -> list[tuple[str, datetime]]:
    """The drains among these rows that are due before this time, the longest due first."""
    found = [row for row in rows if row.values["dueAt"] <= before and _kind(row) < 2]
    return [(row.key, row.values["dueAt"]) for row in sorted(found, key=_age)]


def _age(row: Row) -> tuple[datetime, str]:
    return row.values["dueAt"], row.key


def _pool(drain: str) -> str:
    return pool_key_of(drain) if is_drain_id(drain) else ""


def _kind(row: Row) -> int:
    if row.key == inbox.ACTIVE or row.key.startswith("campaign|"):
        return 2
    if "|" in row.key:
        return 3
    return 0 if row.values.get("out", True) else 1  # older rows do not say
