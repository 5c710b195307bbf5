"""The partition ``active`` of the table ``index``: what is late, in fair parts.

Keys: a drain's id; ``campaign|<id>``; ``inbox``; ``<drain>|<subscription>``.
"""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from shared.adapters import inbox
from shared.adapters.tables import Row

_SHARES = (0.4, 0.2, 0.2, 0.2)
"""Of the places, by kind: each has at least so many, however many of the others are late."""


def late(rows: Iterable[Row], before: datetime, most: int) -> list[str]:
    """The keys of at most ``most`` rows that are due before this time: what is out comes before what
    waits. Of a kind that is too many, one half are the oldest, the other any: so a row that nobody
    ever removes keeps no other from its turn."""
    kinds: tuple[list[Row], ...] = ([], [], [], [])
    for row in rows:
        if row.values["dueAt"] <= before:
            kinds[_kind(row)].append(row)
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
    oldest = sorted(rows, key=lambda row: (row.values["dueAt"], row.key))
    if len(oldest) <= places:
        return oldest
    first, rest = oldest[: places - places // 2], oldest[places - places // 2 :]

    def lot(row: Row) -> bytes:
        """Another order each time, the same on every instance."""
        return sha256(f"{before.isoformat()} {row.key}".encode()).digest()

    return [*first, *sorted(rest, key=lot)[: places // 2]]


def _kind(row: Row) -> int:
    if row.key == inbox.ACTIVE or row.key.startswith("campaign|"):
        return 2
    if "|" in row.key:
        return 3
    return 0 if row.values.get("out", True) else 1  # older rows do not say
