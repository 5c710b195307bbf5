"""Removes old rows: first the parts of a thing, last the row that finds it."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from shared.adapters.storage import records
from shared.adapters.storage.documents import RUNS
from shared.adapters.storage.inbox import LIST, digest_of, later_than, listed_at, listed_from
from shared.adapters.storage.tables.table import (
    END,
    LONG_AGO,
    MOST_CHANGES,
    Op,
    Row,
    Table,
    TableConflictError,
    Tables,
    rows_from,
    time_in,
    under,
)
from shared.core.drain.model import Progress
from shared.core.events.records import EventOutcome
from shared.core.host.status import ENDED
from shared.core.schedules.campaigns import Campaign
from shared.core.schedules.runs import is_under_way, run_key
from shared.core.schedules.schedules import Considered, Run
from shared.core.values.drainid import pool_key_of

log = logging.getLogger(__name__)

_ENDED = {str(status) for status in ENDED}
_LONG = timedelta(days=400)
"""So long, at least, it is known when a host was last maintained: hosts that are made anew have other names each time, and
nothing else tells that one is gone."""
_WAITS = timedelta(days=30)
"""No event waits for longer: one that seems to has lost its signal."""


class OldRows(Tables):
    """Removes what ended before a time. Each step can be repeated after a crash."""

    async def drains(self, before: datetime, most: int) -> int:
        """Remove at most about ``most`` rows of drains that ended before a time. The list is newest first, so the oldest
        rows come after the key of that time. A drain that is kept does not keep an older one from its turn."""
        removed, pools = 0, set[str]()
        async for row in rows_from(
            self._index, "drains", f"{10**11 - int(before.timestamp()):012d}"
        ):
            if removed >= most:
                break
            if some := await self._drain(row, before, most - removed):
                removed += some
                pools.add(pool_key_of(str(row.values["drain"])))
        for pool in pools:
            removed += await self._maintained(pool, before - _LONG, most)
        return removed

    async def _maintained(self, pool: str, before: datetime, most: int) -> int:
        """Of hosts that were last maintained so long ago that they are taken to be gone."""
        rows = await self._pools.scan(pool, *under("maintained|"))
        old = [row for row in rows if (at := time_in(row, "at")) is not None and at < before]
        ops = [Op("delete", row.key, etag=row.etag) for row in old[:most]]
        try:
            for some in batched(ops, MOST_CHANGES):
                await self._pools.transact(pool, some)
        except TableConflictError:  # one was maintained anew
            return 0
        return len(ops)

    async def _drain(self, row: Row, before: datetime, most: int) -> int:
        """Remove one drain, or at most ``most`` of its rows. Nothing of a drain that cannot be read
        is removed."""
        id_ = str(row.values.get("drain", ""))
        try:
            pool = pool_key_of(id_)
            prefix = f"drain|{id_}|"
            progress = await self._pools.get(pool, f"{prefix}progress")
            if progress is not None:
                known = records.read(Progress, progress.values)
                if known.status not in ENDED or (known.ended_at or before) >= before:
                    return 0
            elif row.values.get("status") not in _ENDED:
                return 0
            if await self._claimed(pool, id_):
                return 0
            logs = await self._pools.scan(pool, *under(f"log|{id_}|"), most)
            removed = await self._delete(self._pools, pool, logs)
            if removed >= most:
                return removed
            parts = await self._pools.scan(pool, *under(prefix))
            last = [each for each in parts if each.key == f"{prefix}progress"]
            rest = [each for each in parts if each.key != f"{prefix}progress"]
            removed += await self._subscriptions(rest)
            removed += await self._asked_by_events(id_)
            failed = await self._pools.scan(pool, *under("attempt|"))
            rest += [each for each in failed if each.key.endswith(f"|{id_}")]
            removed += await self._delete(self._pools, pool, rest)
            removed += await self._delete(self._pools, pool, last)
            return removed + await self._delete(self._index, "drains", [row])
        except (*records.UNREADABLE, TableConflictError):
            log.exception("the drain of %s is kept", row.key, extra={"drain": id_})
            return 0

    async def _claimed(self, pool: str, id_: str) -> bool:
        claims = await self._pools.scan(pool, *under("claim|"))
        return any(claim.values.get("drain", id_) == id_ for claim in claims)

    async def _subscriptions(self, parts: Sequence[Row]) -> int:
        """Remove the rows that find subscriptions by address, unless a newer subscription has taken
        the address."""
        removed = 0
        ids = {each.key.rsplit("|", 1)[1] for each in parts if "|subscription|" in each.key}
        for id_ in ids:
            digest = id_.rsplit(".", 1)[1]
            found = await self._index.get("subscriptions", digest)
            if found is not None and found.values.get("subscription") == id_:
                removed += await self._delete(self._index, "subscriptions", [found])
        return removed

    async def _asked_by_events(self, id_: str) -> int:
        """Remove what events asked of the drain, and the record that it was started for them."""
        asks = await self._index.scan("asks", *under(f"{id_}|"))
        keys = {f"{digest_of(str(ask.values.get('about', '')))}|{id_}" for ask in asks}
        causes = [await self._index.get("causes", key) for key in sorted(keys)]
        removed = await self._delete(self._index, "causes", [row for row in causes if row])
        return removed + await self._delete(self._index, "asks", asks)

    async def events(self, before: datetime, most: int) -> int:
        """Remove events with their results, and what is known of their matters. An event that waits is kept."""
        listed: list[Row] = []
        async for row in rows_from(self._index, LIST, listed_from(before)):
            if len(listed) >= most:
                break
            if records.is_newer(row.values) or (at := listed_at(row.key)) is None:
                continue
            if row.values.get("outcome") != EventOutcome.WAITING or at < before - _WAITS:
                listed.append(row)
        found = [await self._index.get("events", row.key.partition("|")[2]) for row in listed]
        ours = [row for row in found if row and not records.is_newer(row.values)]
        removed = await self._delete(self._index, "events", ours)
        removed += await self._delete(self._index, LIST, listed)
        removed += await self._ties(before)
        over = await self._index.scan("over", *under())
        old = [row for row in over if (time_in(row, "at") or LONG_AGO) < before][:most]
        for row in old:
            causes = await self._index.scan("causes", *under(f"{row.key}|"))
            removed += await self._delete(self._index, "causes", causes)
        return removed + await self._delete(self._index, "over", old)

    async def _ties(self, before: datetime) -> int:
        """Remove ties to postponed signals that are gone, because the process that handled them
        died before it removed the tie."""
        last = later_than(before)
        ties = await self._index.scan("tied", *under())
        keys = [(tie, str(tie.values.get("later", ""))) for tie in ties]
        old = [(tie, key) for tie, key in keys if key < last]
        left = [tie for tie, key in old if not await self._index.get("later", key)]
        return await self._delete(self._index, "tied", left)

    async def records(self, before: datetime, most: int) -> int:
        """Remove runs of schedules with their reports, campaigns that have ended, and the marks of requested runs."""
        campaigns = await self._index.scan("campaigns", *under())
        marks = [row for row in await self._index.scan("considered", *under()) if "!" in row.key]
        removed = 0
        for partition, rows in (("campaigns", campaigns), ("considered", marks)):
            old = [row for row in rows if _is_old(row, before)]
            removed += await self._delete(self._index, partition, old[: most - removed])
        return removed + await self._runs(before, most - removed)

    async def _runs(self, before: datetime, most: int) -> int:
        """Reports are large: only those are read that are old, schedule by schedule, and one to find the next schedule."""
        removed, first = 0, ""
        while removed < most and (found := await self._index.scan(RUNS, first, END, 1)):
            schedule = found[0].key.split("|")[0]
            oldest = run_key(schedule, before)
            rows = await self._index.scan(RUNS, oldest, f"{schedule}|{END}", most)
            old = [row for row in rows if _is_old(row, before)]
            removed += await self._delete(self._index, RUNS, old[: most - removed])
            first = f"{schedule}|{END}"
        return removed

    async def _delete(self, table: Table, partition: str, rows: Sequence[Row]) -> int:
        for some in batched(rows, MOST_CHANGES):
            await table.transact(partition, [Op("delete", row.key) for row in some])
        return len(rows)


def _is_old(row: Row, before: datetime) -> bool:
    """Whether a record has ended before that time. A record that cannot be read is kept."""
    try:
        record = records.read_document(_KINDS[row.partition], row.partition, row.values)
    except records.UNREADABLE:
        return False
    match record:
        case Run():
            return not is_under_way(record) and record.at < before
        case Campaign():
            return record.ended_at is not None and record.ended_at < before
        case Considered():
            return record.at < before
    return False


_KINDS: dict[str, Any] = {RUNS: Run, "campaigns": Campaign, "considered": Considered}
