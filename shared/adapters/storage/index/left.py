"""Hosts that still need attention after their drain has ended: one row per such drain, in the partition of
the active drains.

A host counts until a later drain has maintained it, or for a day, as on the board. A row that cannot be
read counts as empty.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from shared.adapters.storage.tables.table import Op, Row, time_in
from shared.core.drain.model import Drain
from shared.core.drain.summary.standing import Standing
from shared.core.host.phases import Phase
from shared.core.values.drainid import is_drain_id, pool_key_of

FIRST = "left|"
LONGEST = timedelta(days=1)
MOST_NAMED = 300
"""A row holds the keys of this many hosts of a drain; the others are only counted."""
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""An older version of the app takes these rows for work; with this time they are never due."""


def prefix_of(pool_key: str) -> str:
    return f"{FIRST}{pool_key}-"


def is_left(key: str) -> bool:
    return key.startswith(FIRST)


def of(drain: Drain) -> Op | None:
    """The row of a drain that has ended; None if none of its hosts needs attention."""
    needing, ended = [host.key for host in drain.hosts if host.attention], drain.progress.ended_at
    if not needing or ended is None:
        return None
    values = {
        "dueAt": _NEVER, "until": ended + LONGEST, "count": len(needing),
        "hosts": json.dumps(needing[:MOST_NAMED]),
    }  # fmt: skip
    return Op("upsert", f"{FIRST}{drain.id}", values)


def seen_to(drain: Drain, known: Sequence[Row]) -> Iterator[Op]:
    """Changes of the rows of earlier drains of the pool, ``known``: hosts that this drain has maintained, or
    that now need attention because of it, are removed from them."""
    done = {host.key for host in drain.hosts if host.phase is Phase.DONE or host.attention}
    for row in known:
        hosts = _hosts(row)
        rest = [host for host in hosts if host not in done]
        if row.key == f"{FIRST}{drain.id}" or len(rest) == len(hosts):
            continue
        count = _count(row) - (len(hosts) - len(rest))
        if count > 0:
            yield Op("upsert", row.key, {**row.values, "hosts": json.dumps(rest), "count": count})
        else:
            yield Op("delete", row.key)


def standing(rows: Iterable[Row], now: datetime) -> Iterator[tuple[str, Standing]]:
    """The standing of each row that still counts, with its pool's key."""
    for row in rows:
        drain = row.key.removeprefix(FIRST)
        if is_left(row.key) and is_drain_id(drain) and not is_over(row, now):
            yield pool_key_of(drain), Standing(attention=_count(row))


def is_over(row: Row, now: datetime) -> bool:
    until = time_in(row, "until")
    return until is None or until <= now


def _count(row: Row) -> int:
    count = row.values.get("count")
    return count if isinstance(count, int) else 0


def _hosts(row: Row) -> list[str]:
    try:
        found = json.loads(row.values.get("hosts", "[]"))
    except (ValueError, TypeError):
        return []
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
