"""What the hosts of a queue wait for stands once in a row of its own."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, strategies as st

from shared.adapters.storage.pool.line import as_kept, as_read, is_kept_as, line_of
from shared.adapters.storage.store import TableStore
from shared.adapters.storage.tables.table import Op
from shared.core.host.host import HostRecord, Wait
from shared.core.host.phases import Phase
from shared.core.values.drainid import drain_id
from tests.support.builders import NOON, a_drain, a_host, minutes
from tests.support.memory_table import MemoryTable

TURN = Wait("turn", "its turn", NOON, NOON)
MISSING = Wait("missing", "it to be listed again", NOON, NOON)
WAITS = st.sampled_from([None, TURN, MISSING])
PHASES = st.sampled_from([Phase.QUEUED, Phase.DRAINING])
HOSTS = st.lists(st.builds(lambda w, p: a_host(wait=w, phase=p), WAITS, PHASES), max_size=5)


def hosts(*waits: Wait | None) -> list[HostRecord]:
    return [a_host(f"h{n}", wait=wait) for n, wait in enumerate(waits)]


@given(HOSTS)
def test_what_is_stored_reads_as_it_was(some: list[HostRecord]) -> None:
    line = line_of(some)
    assert [as_read(as_kept(host, line), line) for host in some] == some


def test_a_host_that_waits_for_nothing_keeps_the_others_waits_apart() -> None:
    assert line_of(hosts(TURN, TURN, None)) is None


def test_a_host_that_only_waits_is_the_same_when_the_whole_line_waits_for_something_else() -> None:
    [was], later = hosts(TURN), replace(TURN, code="window", text="its window")
    assert is_kept_as(was, replace(was, wait=later), TURN, later)
    assert not is_kept_as(was, replace(was, wait=later), TURN, TURN)


async def test_a_thousand_hosts_that_wait_for_something_else_are_one_transaction() -> None:
    pools, index = Counted(), MemoryTable()
    store = TableStore(pools, index)
    fresh = a_drain(*hosts(*[TURN] * 1000))
    pool = fresh.control.pool
    drain = replace(fresh, control=replace(fresh.control, id=drain_id(pool.key, "1")))
    await store.create(drain, [])
    lease = await store.acquire(pool.key, "one", NOON, minutes(2))
    later = replace(TURN, code="window", text="its window")
    after = replace(drain, hosts=tuple(replace(host, wait=later) for host in drain.hosts))
    pools.count = 0
    await store.save(lease, drain, after, [])
    assert pools.count == 1
    found = await store.load(drain.id)
    assert found is not None
    assert set(found.hosts) == set(after.hosts)


class Counted(MemoryTable):
    count = 0

    async def transact(self, partition: str, ops: Sequence[Op]) -> list[str]:
        self.count += 1
        return await super().transact(partition, ops)
