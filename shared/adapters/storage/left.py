"""Hosts that were left in need of a person by a drain that has ended: a row each such drain, beside the active ones.

They count until a later drain has seen to the host, or for a day, as on the board. What cannot be read counts for
nothing.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from shared.adapters.storage.tables.table import Op, Row
from shared.core.drain.model import Drain
from shared.core.drain.summary.standing import Standing
from shared.core.host.phases import Phase
from shared.core.values.drainid import is_drain_id, pool_key_of

FIRST = "left|"
LONGEST = timedelta(days=1)
MOST_NAMED = 300
"""Hosts of one drain that are known by name; of the others it is known how many they are."""
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""A version of the app that does not know these rows never has them looked at."""


def prefix_of(pool_key: str) -> str:
    return f"{FIRST}{pool_key}-"


def is_left(key: str) -> bool:
    return key.startswith(FIRST)


def of(drain: Drain) -> Op | None:
    """What a drain that has ended leaves."""
    needing, ended = [host.key for host in drain.hosts if host.attention], drain.progress.ended_at
    if not needing or ended is None:
        return None
    values = {
        "dueAt": _NEVER, "until": ended + LONGEST, "count": len(needing),
        "hosts": json.dumps(needing[:MOST_NAMED]),
    }  # fmt: skip
    return Op("upsert", f"{FIRST}{drain.id}", values)


def seen_to(drain: Drain, known: Sequence[Row]) -> Iterator[Op]:
    """What becomes of what other drains of its pool had left: a host that is done now, or needs a person for
    another reason, is not theirs any more."""
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
    """Of each, with its pool's key."""
    for row in rows:
        drain = row.key.removeprefix(FIRST)
        if is_left(row.key) and is_drain_id(drain) and not is_over(row, now):
            yield pool_key_of(drain), Standing(attention=_count(row))


def is_over(row: Row, now: datetime) -> bool:
    until = row.values.get("until")
    return not isinstance(until, datetime) or until <= now


def _count(row: Row) -> int:
    count = row.values.get("count")
    return count if isinstance(count, int) else 0


def _hosts(row: Row) -> list[str]:
    try:
        found = json.loads(row.values.get("hosts", "[]"))
    except (ValueError, TypeError):
        return []
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
