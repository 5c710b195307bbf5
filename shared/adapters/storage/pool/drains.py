"""A drain's rows in the table of pools, read as one."""

import asyncio
import contextlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import batched

from shared.adapters.storage import records
from shared.adapters.storage.entities import read_availability, read_beside
from shared.adapters.storage.pool import rows
from shared.adapters.storage.pool.hostpages import KIND, hosts_of
from shared.adapters.storage.pool.known import Stored
from shared.adapters.storage.tables.table import (
    END,
    MOST_CHANGES,
    Op,
    Row,
    Table,
    TableConflictError,
    under,
)
from shared.core.drain.expected import Forecast
from shared.core.drain.happenings import Happening
from shared.core.drain.model import Control, Drain, Progress
from shared.core.drain.subscriptions import Subscription
from shared.core.host.host import Wait
from shared.core.host.orders import Answer, Order
from shared.core.values.drainid import pool_key_of

log = logging.getLogger(__name__)


class DrainRows:
    """Drains in the table of pools. Each call raises what reading a record of another version, or a broken
    one, raises: NewerSchemaError, ValueError, KeyError, TypeError."""

    def __init__(self, pools: Table) -> None:
        self._pools = pools

    async def load(
        self, drain_id: str, *, one_query: bool = True
    ) -> tuple[Drain, Wait | None] | None:
        """With what most hosts of its queue wait for. In two queries hosts take half the bytes."""
        prefix = f"drain|{drain_id}|"
        if one_query:
            found = await self._rows(drain_id, *under(prefix))
        else:
            first, rest = await asyncio.gather(
                self._rows(drain_id, prefix, prefix + KIND),
                self._rows(drain_id, prefix + KIND, prefix + END, versions=False),
            )
            found = first | rest
        if "control" not in found or "progress" not in found:
            return None
        line = records.read(Wait, found["queue"].values) if "queue" in found else None
        return _drain(found, line), line

    async def again(self, drain_id: str, stored: Stored) -> Drain | None:
        """A drain of which this is known: what others may have written is read."""
        prefix = f"drain|{drain_id}|"
        parts = await asyncio.gather(
            self._rows(drain_id, prefix, prefix + KIND),
            self._rows(drain_id, f"{prefix}host|{END}", prefix + END),
        )
        found = {key: row for part in parts for key, row in part.items()}
        if "control" not in found or "progress" not in found:
            return None
        return replace(_drain(found, None), progress=stored.progress, hosts=stored.hosts)

    async def untold(self, drain_id: str) -> tuple[Happening, ...]:
        kept = await self._rows(drain_id, *under(f"drain|{drain_id}|happening|"))
        return happenings(kept)

    async def handed_on(self, drain_id: str, happenings: Sequence[Happening]) -> None:
        """Whoever else handed them on has removed them, too."""
        pool, keys = pool_key_of(drain_id), {rows.untold_key(drain_id, each) for each in happenings}
        there = await self._pools.scan(pool, *under(f"drain|{drain_id}|happening|")) if keys else []
        ops = [Op("delete", row.key) for row in there if row.key in keys]
        for some in batched(ops, MOST_CHANGES):
            with contextlib.suppress(TableConflictError):  # the same is handed on again, and known
                await self._pools.transact(pool, some)

    async def _rows(
        self, drain_id: str, first: str, last: str, *, versions: bool = True
    ) -> dict[str, Row]:
        prefix, pool = f"drain|{drain_id}|", pool_key_of(drain_id)
        listed = await self._pools.scan(pool, first, last, versions=versions)
        return {row.key.removeprefix(prefix): row for row in listed}


def _drain(found: Mapping[str, Row], line: Wait | None) -> Drain:
    control = with_orders(control_of(found["control"]), found)
    progress = records.read(Progress, found["progress"].values)
    answers = {
        key.removeprefix("answer|"): records.read(Answer, row.values)
        for key, row in found.items()
        if key.startswith("answer|")
    }
    subscriptions = tuple(_readable(Subscription, "subscription|", found))
    etag = found["control"].etag
    untold = happenings(found)
    beside = found["progress"].values
    return Drain(
        control, progress, hosts_of(found, line), answers, subscriptions, untold, etag,
        read_beside(Forecast, beside), read_availability(beside),
    )  # fmt: skip


def control_of(row: Row) -> Control:
    """Raises ValueError for one of another drain, or of another pool: by it the hosts of that would be worked on."""
    control = records.read(Control, row.values)
    if row.key != f"drain|{control.id}|control" or row.partition != control.pool.key:
        raise ValueError("a record of another drain than its key names")
    return control


def happenings(found: Mapping[str, Row]) -> tuple[Happening, ...]:
    """What is to be handed on, by when it happened. What cannot be read stays; its drain goes on. ``found``: a
    drain's rows by what their keys end with."""
    made = _readable(Happening, "happening|", found)
    return tuple(sorted(made, key=lambda happening: (happening.at, happening.id)))


def _readable[T](kind: type[T], prefix: str, found: Mapping[str, Row]) -> Iterator[T]:
    """The records under a prefix. One that cannot be read is left out; its drain goes on."""
    for key, row in found.items():
        if key.startswith(prefix):
            try:
                yield records.read(kind, row.values)
            except records.UNREADABLE as error:
                log.error("left out: %s: %s", key, records.why(error))  # noqa: TRY400 - it tells all there is


def with_orders(control: Control, found: Mapping[str, Row]) -> Control:
    """Schema 1 kept each order in a row of its own. ``found``: a drain's rows by what its keys end with."""
    orders = {
        key.removeprefix("order|"): records.read(Order, row.values)
        for key, row in found.items()
        if key.startswith("order|")
    }
    if not orders:
        return control
    alone = {k.removeprefix("release|"): o for k, o in orders.items() if k.startswith("release|")}
    return replace(
        control,
        cancel=control.cancel or orders.get("cancel"),
        release_all=control.release_all or orders.get("release"),
        releases={**alone, **control.releases},
    )
