"""Drains as they are read: without their hosts' records, or with some of them.

A drain's own two small rows tell how far it is, for its hosts are counted in the one that each step
writes. Where they are not (an older version wrote it) they are counted by reading them all.
"""

import asyncio
import logging
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace

from shared.adapters.storage import records
from shared.adapters.storage.entities import entity_of, read_availability, read_beside
from shared.adapters.storage.pool import rows
from shared.adapters.storage.pool.drains import DrainRows, control_of, with_orders
from shared.adapters.storage.pool.hostpages import in_pages, page_prefix
from shared.adapters.storage.pool.line import as_read
from shared.adapters.storage.records import readable
from shared.adapters.storage.tables.table import (
    END,
    LONG_AGO,
    Among,
    NotEmpty,
    Op,
    Row,
    Tables,
    Values,
    page,
    page_of_some,
    time_in,
    under,
)
from shared.core.access.roles import EVERYWHERE, Reach
from shared.core.drain.expected import Forecast
from shared.core.drain.model import Control, Drain, Progress
from shared.core.drain.summary.overview import Overview, overview, overview_of
from shared.core.drain.summary.tally import Tally
from shared.core.host.host import HostRecord, Wait
from shared.core.host.orders import Order
from shared.core.host.phases import Phase
from shared.core.host.status import ENDED, Status
from shared.core.values.drainid import is_drain_id, pool_key_of
from shared.core.values.hostpool import HostPoolId
from shared.errors import UnreadableError
from shared.ports import Page

log = logging.getLogger(__name__)

_AT_ONCE = 16
_ROWS = 100
"""Read at a time where only some of them are wanted."""
_LIST = "drains"


class OverviewRows(Tables):
    """Reads what stands in both tables."""

    async def overview(self, drain_id: str) -> Overview | None:
        pool, prefix = pool_key_of(drain_id), f"drain|{drain_id}|"
        asked, rest = await asyncio.gather(
            self._pools.get(pool, f"{prefix}control"),
            self._pools.scan(pool, f"{prefix}order|", f"{prefix}progress{END}"),
        )
        progress = next((row for row in rest if row.key == f"{prefix}progress"), None)
        if asked is None or progress is None:
            return None
        with readable(f"drain {drain_id}"):
            control = _control(asked, prefix, rest)
            far = records.read(Progress, progress.values)
        tally = read_beside(Tally, progress.values)
        if tally is not None:
            forecast = read_beside(Forecast, progress.values)
            found = overview(control, far, tally, asked.etag, forecast)
            return replace(found, availability=read_availability(progress.values))
        with readable(f"drain {drain_id}"):
            whole = await DrainRows(self._pools).load(drain_id)
        return None if whole is None else overview_of(whole[0])

    async def control(self, drain_id: str) -> Control | None:
        pool, prefix = pool_key_of(drain_id), f"drain|{drain_id}|"
        asked, orders = await asyncio.gather(
            self._pools.get(pool, f"{prefix}control"),
            self._pools.scan(pool, *under(f"{prefix}order|")),
        )
        if asked is None:
            return None
        with readable(f"drain {drain_id}"):
            return _control(asked, prefix, orders)

    async def forecast(self, drain_id: str) -> Forecast | None:
        row = await self._pools.get(pool_key_of(drain_id), f"drain|{drain_id}|progress")
        return read_beside(Forecast, row.values) if row is not None else None

    async def hosts(
        self, drain_id: str, phases: Collection[Phase], needing: bool, most: int, token: str | None
    ) -> Page[HostRecord]:
        if not needing and (not phases or Phase.QUEUED in phases):
            return await self._with_the_queue(drain_id, phases, most, token)
        where: dict[str, object] = {}
        if phases:
            where["phase"] = Among(tuple(str(phase) for phase in phases))
        if needing:
            where["attention"] = NotEmpty()
        pool, prefix = pool_key_of(drain_id), rows.host_key(drain_id, "")
        (listed, after), queue = await asyncio.gather(
            page(self._pools, pool, prefix, most, token, where),
            self._pools.get(pool, f"drain|{drain_id}|queue"),
        )
        with readable(f"drain {drain_id}"):
            line = records.read(Wait, queue.values) if queue is not None else None
            found = (records.read(HostRecord, row.values) for row in listed)
            return Page(tuple(as_read(host, line) for host in found), after)

    async def _with_the_queue(
        self, drain_id: str, phases: Collection[Phase], most: int, token: str | None
    ) -> Page[HostRecord]:
        """Rows and pages side by side: a host that is in a page may have a row of its own by now."""
        pool, prefix = pool_key_of(drain_id), rows.host_key(drain_id, "")
        at, found, more = token, list[HostRecord](), True
        queue = await self._pools.get(pool, f"drain|{drain_id}|queue")
        while more and len(found) <= most:
            (own, after), (listed, behind) = await asyncio.gather(
                page(self._pools, pool, prefix, _ROWS if phases else most, at, {}),
                page(self._pools, pool, page_prefix(drain_id), most // _ROWS + 3, at, {}),
            )
            ends = [end for end in (after, behind) if end is not None]
            with readable(f"drain {drain_id}"):
                line = records.read(Wait, queue.values) if queue is not None else None
                here = in_pages(listed)
                here |= {
                    r.key.removeprefix(prefix): records.read(HostRecord, r.values) for r in own
                }
            keys = (key for key in sorted(here) if at is None or key > at)
            known = (as_read(here[key], line) for key in keys if not ends or key <= min(ends))
            found += [host for host in known if not phases or host.phase in phases]
            at, more = min(ends, default=at), bool(ends)
        some = found[:most]
        return Page(tuple(some), some[-1].key if len(found) > most else None)

    async def _list(self, drain: Drain) -> None:
        """Put a drain into the list of all. What one came to stands there: nothing of it changes
        any more."""
        asked = drain.control.asked
        values: Values = {
            "drain": drain.id,
            "hostPool": drain.control.pool.resource_id,
            "poolKey": drain.control.pool.key,
            "status": str(drain.progress.status),
            "askedAt": asked.at,
            "reason": drain.control.reason,
        }
        if drain.progress.status in ENDED:
            ended = replace(overview_of(drain), availability=None)  # the drain's own rows have it
            values = {**values, **entity_of(ended)}
        newest_first = f"{10**11 - int(asked.at.timestamp()):012d}|{drain.id}"
        await self._index.transact(_LIST, [Op("upsert", newest_first, values)])

    async def drains(
        self,
        pool: HostPoolId | None,
        status: Status | None,
        most: int,
        token: str | None,
        reach: Reach = EVERYWHERE,
    ) -> Page[Overview]:
        where: dict[str, str] = {}
        if pool is not None:
            where["poolKey"] = pool.key
        if status is not None:
            where["status"] = str(status)
        if reach.whole or pool is not None:
            listed, after = await page(self._index, _LIST, "", most, token, where)
        else:

            def keep(row: Row) -> bool:
                pool = _pool_in(row)
                return pool is not None and reach.covers(pool)

            listed, after = await page_of_some(self._index, _LIST, most, token, where, keep)
        places = asyncio.Semaphore(_AT_ONCE)

        async def read(row: Row) -> Overview:
            async with places:
                return await self._listed(row)

        there = [row for row in listed if _is_a_line(row)]
        return Page(tuple(await asyncio.gather(*(read(row) for row in there))), after)

    async def _listed(self, row: Row) -> Overview:
        """One that cannot be read, or is being removed, is a line of the list all the same."""
        drain_id = _drain_in(row)
        try:
            if "data" in row.values and _status_in(row) in ENDED:
                with readable(f"drain {drain_id}"):
                    return records.read(Overview, row.values)
            found = await self.overview(drain_id)
        except UnreadableError as error:
            log.warning("in the list only by its name: %s", error)
            return _by_name(row, str(error))
        return found or _by_name(row, "its record is gone")


def _control(asked: Row, prefix: str, found: Iterable[Row]) -> Control:
    parts = {row.key.removeprefix(prefix): row for row in found}
    return with_orders(control_of(asked), parts)


def _by_name(row: Row, why: str) -> Overview:
    pool = _pool_in(row)
    if pool is None:
        raise ValueError(f"{row.key} names no host pool")
    asked_at = time_in(row, "askedAt") or LONG_AGO
    progress = Progress(_status_in(row), trouble=why)
    reason = str(row.values.get("reason", ""))
    return Overview(_drain_in(row), pool, reason, Order("", asked_at), None, progress, Tally())


def _is_a_line(row: Row) -> bool:
    found = is_drain_id(_drain_in(row)) and _pool_in(row) is not None
    if not found:
        log.error("left out of the list of drains: %s names no drain of a host pool", row.key)
    return found


def _drain_in(row: Row) -> str:
    return row.key.partition("|")[2]


def _pool_in(row: Row) -> HostPoolId | None:
    with suppress(ValueError):
        return HostPoolId.parse(str(row.values.get("hostPool")))
    return None


def _status_in(row: Row) -> Status:
    """That a drain has ended is only believed in a word that is known."""
    said = row.values.get("status")
    return Status(said) if said in set(Status) else Status.RUNNING
