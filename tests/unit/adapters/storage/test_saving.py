"""What is saved in several transactions, of which only the first may come about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.storage.store import TableStore
from shared.adapters.storage.tables.table import Op
from shared.core.drain.history.facts import Line
from shared.core.drain.history.history import Entry
from shared.core.host.phases import Phase
from shared.core.values.drainid import drain_id
from shared.errors import StorageError
from tests.support.builders import NOON, a_drain, a_host, minutes
from tests.support.memory_table import MemoryTable


class Dying(MemoryTable):
    """Takes so many transactions, and then no more."""

    left = 10**6

    async def transact(self, partition: str, ops: Sequence[Op]) -> list[str]:
        if self.left == 0:
            raise StorageError("gone")
        self.left -= 1
        return await super().transact(partition, ops)


async def test_a_host_is_saved_with_the_last_of_what_was_done_to_it() -> None:
    """Else a crash between two transactions would lose what was done: the next step finds the intents gone,
    and nothing in the history."""
    pools, index = Dying(), MemoryTable()
    store = TableStore(pools, index)
    fresh = a_drain(a_host())
    pool = fresh.control.pool
    drain = replace(fresh, control=replace(fresh.control, id=drain_id(pool.key, "1")))
    await store.create(drain, [])
    lease = await store.acquire(pool.key, "one", NOON, minutes(2))
    after = replace(drain, hosts=(drain.hosts[0].moved(Phase.DRAINING, NOON),))
    entries = [Entry(NOON + timedelta(seconds=n), Line(f"{n}"), "a") for n in range(150)]
    pools.left = 1
    with pytest.raises(StorageError):
        await store.save(lease, drain, after, entries)
    assert await store.load(drain.id) == drain
    pools.left = 10
    again = await store.acquire(pool.key, "one", NOON + minutes(3), minutes(2))
    await store.save(again, drain, after, entries)
    assert await store.load(drain.id) == after
    assert len((await store.history(drain.id, 1000, None)).items) == 150
