"""Which drains the watchdog is to know of, as the index holds them."""

from dataclasses import replace
from typing import Any

from shared.adapters.storage.index.outs import OutRows
from shared.adapters.storage.tables.table import Op
from shared.core.drain.model import Drain
from shared.core.restore.orphans import MaybeOut
from shared.core.values.drainid import drain_id
from shared.core.values.hostpool import HostPoolId
from tests.support.builders import POOL, a_drain, a_host
from tests.support.memory_table import MemoryTable


def a_drain_of(unique: str, pool: HostPoolId = POOL) -> Drain:
    drain = a_drain(a_host())
    id_ = drain_id(pool.key, unique)
    return replace(drain, control=replace(drain.control, id=id_, pool=pool))


FIRST, SECOND = a_drain_of("1"), a_drain_of("2")


async def test_a_drain_that_has_no_host_out_any_more_is_taken_out() -> None:
    outs = OutRows(MemoryTable())
    await outs.note(FIRST)
    await outs.note(SECOND)
    await outs.settle(POOL.key, {SECOND.id}, ())
    assert await outs.all() == (MaybeOut(POOL, SECOND.id),)


async def test_a_drain_that_left_hosts_drained_is_settled_until_one_goes_out_again() -> None:
    outs = OutRows(MemoryTable())
    await outs.note(FIRST)
    await outs.settle(POOL.key, (), {FIRST.id})
    assert await outs.all() == (MaybeOut(POOL, FIRST.id, settled=True),)
    await outs.note(FIRST)
    assert await outs.all() == (MaybeOut(POOL, FIRST.id),)


async def test_the_drains_of_other_pools_are_left_alone() -> None:
    outs = OutRows(MemoryTable())
    other = a_drain_of("1", replace(POOL, name="hp-finance-2"))
    await outs.note(other)
    await outs.note(FIRST)
    await outs.settle(POOL.key, (), ())
    assert [each.drain for each in await outs.all()] == [other.id]


async def test_a_pool_that_an_older_version_noted_becomes_its_drains() -> None:
    table = MemoryTable()
    outs = OutRows(table)
    table.put("out", Op("upsert", POOL.key, {"hostPool": POOL.resource_id}))
    assert await outs.all() == (MaybeOut(POOL, ""),)
    await outs.settle(POOL.key, {FIRST.id}, {SECOND.id})
    assert set(await outs.all()) == {
        MaybeOut(POOL, FIRST.id),
        MaybeOut(POOL, SECOND.id, settled=True),
    }


async def test_a_pool_that_an_older_version_noted_and_of_which_nothing_is_out_is_taken_out() -> (
    None
):
    table = MemoryTable()
    table.put("out", Op("upsert", POOL.key, {"hostPool": POOL.resource_id}))
    await OutRows(table).settle(POOL.key, (), ())
    assert await OutRows(table).all() == ()


class Meanwhile(MemoryTable):
    """A table in which a drain notes a host, right after somebody has read it."""

    async def scan(self, *words: Any, **named: Any) -> Any:
        found = await super().scan(*words, **named)
        await OutRows(self).note(FIRST)
        return found


async def test_what_was_noted_after_the_claims_were_read_stays() -> None:
    table = Meanwhile()
    outs = OutRows(table)
    await outs.note(FIRST)
    await outs.settle(POOL.key, (), ())
    assert [each.drain for each in await OutRows(table).all()] == [FIRST.id]


async def test_a_row_that_cannot_be_read_spoils_no_other() -> None:
    table = MemoryTable()
    await OutRows(table).note(FIRST)
    table.put("out", Op("upsert", "x", {"hostPool": "no pool"}))
    assert await OutRows(table).all() == (MaybeOut(POOL, FIRST.id),)
