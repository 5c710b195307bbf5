"""What an instance still knows of a pool when it takes the pool's lease again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.storage.pool.known import LONGEST
from shared.adapters.storage.store import TableStore
from shared.adapters.storage.tables.table import Op, Row, Values
from shared.core.drain.model import Drain
from shared.core.host.phases import Phase
from shared.core.values.drainid import drain_id
from shared.errors import StorageError
from tests.support.builders import NOON, POOL, a_drain, a_host, minutes
from tests.support.memory_table import MemoryTable

MANY = 1000


class Counted(MemoryTable):
    """Counts the rows that are read, and fails once when it is told to."""

    read = 0
    fails = False

    async def scan(
        self, partition: str, first: str, last: str, most: int = 0, where: Values | None = None
    ) -> list[Row]:
        found = await super().scan(partition, first, last, most, where)
        self.read += len(found)
        return found

    async def transact(self, partition: str, ops: Sequence[Op]) -> list[str]:
        if self.fails:
            self.fails = False
            raise StorageError("gone")
        return await super().transact(partition, ops)


class Pool:
    """A pool with one drain, and two instances of the app."""

    def __init__(self) -> None:
        self.table, index = Counted(), MemoryTable()
        self.one, self.other = TableStore(self.table, index), TableStore(self.table, index)
        fresh = a_drain(*(a_host(f"h{n:04d}") for n in range(MANY)))
        id_ = drain_id(POOL.key, "1")
        self.drain = replace(fresh, control=replace(fresh.control, id=id_))

    async def step(self, store: TableStore, after: Phase | None = None, at: int = 0) -> Drain:
        """What a step does with the store: the first host moves on, if a phase is given."""
        lease = await store.acquire(POOL.key, "x", NOON + minutes(at), minutes(2))
        try:
            found = await store.load(self.drain.id, lease)
            assert found is not None
            claims = await store.claims(POOL.key, lease)
            assert len(claims) == MANY
            assert {c.host: c.out for c in claims} == {
                h.key: h.phase is Phase.DRAINING for h in found.hosts
            }
            if after is None:
                return found
            first, *rest = found.hosts
            moved = replace(found, hosts=(replace(first, phase=after), *rest))
            await store.save(lease, found, moved, [], last=True)
            return moved
        finally:
            await store.release(lease)


@pytest.fixture
async def pool() -> Pool:
    pool = Pool()
    await pool.one.create(pool.drain, [])
    await pool.step(pool.one)
    pool.table.read = 0
    return pool


async def test_hosts_and_claims_that_nobody_has_written_are_not_read_again(pool: Pool) -> None:
    moved = await pool.step(pool.one, Phase.DRAINING)
    assert await pool.step(pool.one) == moved
    assert pool.table.read < 10


async def test_what_another_instance_wrote_is_read(pool: Pool) -> None:
    moved = await pool.step(pool.other, Phase.DRAINING)
    assert set((await pool.step(pool.one)).hosts) == set(moved.hosts)


async def test_a_host_that_another_drain_speaks_for_is_known(pool: Pool) -> None:
    second = a_drain(a_host("new"))
    control = replace(second.control, id=drain_id(POOL.key, "2"))
    await pool.other.create(replace(second, control=control), [])
    lease = await pool.one.acquire(POOL.key, "x", NOON, minutes(2))
    claims = await pool.one.claims(POOL.key, lease)
    assert {c.drain for c in claims} == {pool.drain.id, control.id}


async def test_an_order_is_seen_at_once(pool: Pool) -> None:
    found = await pool.step(pool.one)
    ordered = replace(found.control, reason="another")
    await pool.other.change(found, ordered, [])
    assert (await pool.step(pool.one)).control.reason == "another"


async def test_after_a_failed_write_everything_is_read(pool: Pool) -> None:
    lease = await pool.one.acquire(POOL.key, "x", NOON, minutes(2))
    found = await pool.one.load(pool.drain.id, lease)
    assert found is not None
    moved = replace(found, hosts=(replace(found.hosts[0], phase=Phase.DRAINING), *found.hosts[1:]))
    pool.table.fails = True
    with pytest.raises(StorageError):
        await pool.one.save(lease, found, moved, [])
    await pool.one.release(lease)
    assert set((await pool.step(pool.one)).hosts) == set(found.hosts)


async def test_it_is_read_again_some_time_whatever_is_known(pool: Pool) -> None:
    await pool.step(pool.one, at=LONGEST // timedelta(minutes=1))
    assert pool.table.read > MANY


async def test_a_drain_that_is_gone_is_gone(pool: Pool) -> None:
    pool.table.put(POOL.key, Op("delete", f"drain|{pool.drain.id}|control"))
    lease = await pool.one.acquire(POOL.key, "x", NOON, minutes(2))
    assert await pool.one.load(pool.drain.id, lease) is None
