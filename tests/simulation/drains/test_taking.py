"""The hosts of a new drain are taken in several transactions at once: whatever becomes of one of them,
no host is in two drains, and none is left behind."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from shared.adapters.storage.pool import rows
from shared.adapters.storage.store import TableStore
from shared.adapters.storage.tables.table import Op, TableConflictError
from shared.core.drain.model import Drain
from shared.core.values.drainid import drain_id
from shared.errors import ChangedError, StorageError
from tests.support.builders import NOON, POOL, a_drain, a_host, minutes
from tests.support.memory_table import MemoryTable

HOSTS = 200


class Disturbed(MemoryTable):
    """Does something before a transaction that takes a host."""

    def __init__(self, host: str, disturb: Callable[["Disturbed"], None]) -> None:
        super().__init__()
        self._key = rows.claim_key(host)
        self._disturb = disturb
        self.times = 0

    async def transact(self, partition: str, ops: Sequence[Op]) -> list[str]:
        if any(op.key == self._key and op.kind == "insert" for op in ops):
            self.times += 1
            self._disturb(self)
        return await super().transact(partition, ops)


def new(unique: str, *names: str) -> Drain:
    drain = a_drain(*(a_host(name) for name in names))
    return replace(drain, control=replace(drain.control, id=drain_id(POOL.key, unique)))


MANY = new("1", *(f"h{n:03d}" for n in range(HOSTS)))


def once(happens: Callable[[Disturbed], None]) -> Callable[[Disturbed], None]:
    return lambda table: happens(table) if table.times == 1 else None


def fails(table: Disturbed) -> None:
    raise StorageError("it is away")


def claimed_by(other: Drain) -> Callable[[Disturbed], None]:
    return lambda table: table.put(POOL.key, rows.spoken_for(other, other.hosts[0], ""))


async def claims(store: TableStore) -> dict[str, str]:
    return {claim.host: claim.drain for claim in await store.claims(POOL.key)}


async def test_another_drain_that_takes_one_of_them_meanwhile_keeps_it_and_nothing_is_left() -> (
    None
):
    other = new("2", "h150")
    pools = Disturbed("h150", once(claimed_by(other)))
    store = TableStore(pools, MemoryTable())
    assert await store.create(MANY, []) == {"h150": other.id}
    assert await claims(store) == {"h150": other.id}
    assert pools.peek(POOL.key, f"drain|{MANY.id}|", f"drain|{MANY.id}|~") == []


async def test_one_that_only_had_to_be_tried_again_is_taken_with_all_others() -> None:
    def conflicts(table: Disturbed) -> None:
        raise TableConflictError("somebody was quicker")

    store = TableStore(Disturbed("h150", once(conflicts)), MemoryTable())
    assert await store.create(MANY, []) == {}
    assert await store.load(MANY.id) == MANY
    assert len(await claims(store)) == HOSTS


async def test_a_drain_whose_claims_change_all_the_time_is_not_recorded() -> None:
    def conflicts(table: Disturbed) -> None:
        raise TableConflictError("somebody was quicker")

    store = TableStore(Disturbed("h150", conflicts), MemoryTable())
    with pytest.raises(ChangedError):
        await store.create(MANY, [])
    assert await store.load(MANY.id) is None


async def test_of_one_that_failed_halfway_everything_is_let_go_of_in_time() -> None:
    store = TableStore(pools := Disturbed("h150", once(fails)), MemoryTable())
    await store.note_due(MANY, NOON)
    with pytest.raises(StorageError):
        await store.create(MANY, [])
    assert await store.load(MANY.id) is None
    await store.discard(MANY.id, NOON + minutes(1))
    assert await claims(store) == {}
    assert pools.peek(POOL.key, "drain|", "drain|~") == []


async def test_the_same_request_again_goes_on_with_what_was_taken() -> None:
    store = TableStore(Disturbed("h150", once(fails)), MemoryTable())
    with pytest.raises(StorageError):
        await store.create(MANY, [])
    assert await store.create(MANY, []) == {}
    assert await store.load(MANY.id) == MANY
