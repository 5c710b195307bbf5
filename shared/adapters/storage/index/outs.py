"""The partition ``out`` of the table ``index``: the drains that have, or may have, hosts out, and
those that left hosts in drain mode. Keys: a drain's id. Rows of older versions have the pool's key
and name no drain.

A row is written before the first claim that is out, so the watchdog finds it whatever happens. It
is removed, or marked as settled, only after all claims of the pool were read under its lease.
"""

import logging
from collections.abc import Collection, Iterator, Sequence
from itertools import batched

from shared.adapters.storage.tables.table import (
    MOST_CHANGES,
    Op,
    Row,
    Table,
    TableConflictError,
    under,
)
from shared.core.drain.model import Drain
from shared.core.restore.orphans import MaybeOut
from shared.core.values.drainid import is_drain_id, pool_key_of
from shared.core.values.hostpool import HostPoolId

log = logging.getLogger(__name__)

_PARTITION = "out"


class OutRows:
    """The drains, and their pools, that the watchdog has to know of."""

    def __init__(self, index: Table) -> None:
        self._index = index

    async def note(self, drain: Drain) -> None:
        values = {"hostPool": drain.control.pool.resource_id, "settled": False}
        await self._index.transact(_PARTITION, [Op("upsert", drain.id, values)])

    async def all(self) -> tuple[MaybeOut, ...]:
        return tuple(_read(await self._index.scan(_PARTITION, *under())))

    async def settle(self, pool_key: str, out: Collection[str], left: Collection[str]) -> None:
        """Settle the rows of a pool. ``out``: the drains that have hosts out. ``left``: the drains
        that have none out and left some in drain mode. A row that was changed meanwhile stays as it
        is."""
        rows = await self._index.scan(_PARTITION, *under(pool_key))
        ops = _settling(pool_key, rows, set(out), set(left))
        for some in batched(ops, MOST_CHANGES):
            try:
                await self._index.transact(_PARTITION, some)
            except TableConflictError:
                log.info(
                    "hosts of %s went out meanwhile: its rows are settled another time", pool_key
                )
                return


def _settling(pool_key: str, rows: Sequence[Row], out: set[str], left: set[str]) -> list[Op]:
    there = {row.key for row in rows}
    ops = []
    missing = [drain for drain in sorted((out | left) - there) if is_drain_id(drain)]
    for drain in missing if rows else ():  # a claim that cannot be read may name anything
        values = {"hostPool": rows[0].values.get("hostPool"), "settled": drain in left}
        ops.append(Op("insert", drain, values))  # an older version noted only the pool
    for row in rows:
        if row.key in left and not row.values.get("settled"):
            ops.append(Op("replace", row.key, {**row.values, "settled": True}, row.etag))
        elif row.key not in out | left:
            ops.append(Op("delete", row.key, etag=row.etag))
    return ops


def _read(rows: Collection[Row]) -> Iterator[MaybeOut]:
    for row in rows:
        try:
            pool = HostPoolId.parse(row.values["hostPool"])
            drain = row.key if row.key != pool.key and pool_key_of(row.key) else ""
        except (ValueError, KeyError, TypeError, AttributeError):
            log.warning("a pool of which hosts may be out cannot be read: %s", row.key)
            continue
        yield MaybeOut(pool, drain, row.values.get("settled") is True)
