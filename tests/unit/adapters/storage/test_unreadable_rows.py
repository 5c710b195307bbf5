"""A row that cannot be read spoils only itself: the history tells its sentence, and a host counts as not maintained."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.storage import records
from shared.adapters.storage.store import TableStore
from shared.adapters.storage.tables.table import Op
from shared.core.drain.history.facts import Line, NotKnown
from shared.core.drain.history.history import Entry
from shared.core.restore.orphans import is_at_work
from shared.core.values.drainid import drain_id
from shared.errors import LeaseHeldError
from shared.ports import TakeStep
from tests.support.builders import NOON, a_drain
from tests.support.memory_table import MemoryTable

POOL = a_drain().control.pool.key
DRAIN = drain_id(POOL, "x")
CHANGES: list[dict[str, Any]] = [{}, {"schema": records.SCHEMA + 1}, {"data": "{"}]


async def test_of_an_entry_of_a_newer_version_the_sentence_is_told() -> None:
    pools = MemoryTable()
    store = TableStore(pools, MemoryTable())
    said = [Entry(NOON + timedelta(minutes=n), NotKnown(f"{n}"), "a") for n in range(3)]
    await store.remember(DRAIN, said)
    for row, change in zip(pools.peek(POOL, f"log|{DRAIN}|", "~"), CHANGES, strict=True):
        pools.put(POOL, Op("upsert", row.key, {**row.values, **change}))
    found = (await store.history(DRAIN, 9, None)).items
    assert found == (
        said[0],
        Entry(said[1].at, Line("not known at its start: 1"), "a"),
        Entry(said[2].at, Line("not known at its start: 2"), "a"),
    )


async def test_a_broken_row_of_when_a_host_was_maintained_counts_for_nothing() -> None:
    pools = MemoryTable()
    store = TableStore(pools, MemoryTable())
    pools.put(POOL, Op("insert", "maintained|a", {"host": "A", "at": NOON, "took": 60.0}))
    pools.put(POOL, Op("insert", "maintained|b", {"host": "B", "at": "yesterday"}))
    found = await store.maintained(POOL)
    assert {host: (each.at, each.took) for host, each in found.items()} == {
        "a": (NOON, timedelta(minutes=1))
    }


ODD_TIMES: list[Any] = [None, 7, "", "2026-11-23", NOON.replace(tzinfo=None)]


@pytest.mark.parametrize("odd", ODD_TIMES)
async def test_one_row_of_active_work_that_tells_no_time_is_due_and_holds_up_no_other(
    odd: Any,
) -> None:
    """A timer and a watchdog that fail on it would leave all drains alone."""
    index = MemoryTable()
    store = TableStore(MemoryTable(), index)
    drain = a_drain()
    await store.note_due(replace(drain, control=replace(drain.control, id=DRAIN)), NOON)
    strange = drain_id(POOL, "y")
    values = {} if odd is None else {"dueAt": odd}
    index.put("active", Op("insert", strange, values))
    work, _ = await store.active(NOON + timedelta(minutes=1), 9)
    assert {each.drain for each in work if isinstance(each, TakeStep)} == {DRAIN, strange}
    assert not is_at_work((await store.looked()).get(strange), NOON)
    assert {drain for drain, _ in await store.due(POOL, NOON, 9)} == {DRAIN, strange}


@pytest.mark.parametrize("odd", ODD_TIMES)
async def test_a_lease_that_cannot_be_read_is_nobodys(odd: Any) -> None:
    """Else no host of the pool would ever be put back."""
    pools = MemoryTable()
    store = TableStore(pools, MemoryTable())
    pools.put(
        POOL,
        Op("insert", "lease", {"holder": "x"} if odd is None else {"holder": "x", "until": odd}),
    )
    lease = await store.acquire(POOL, "me", NOON, timedelta(minutes=1))
    with pytest.raises(LeaseHeldError, match="me works on"):
        await store.acquire(POOL, "you", NOON, timedelta(minutes=1))
    await store.release(lease)
