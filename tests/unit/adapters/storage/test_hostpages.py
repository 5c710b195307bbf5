"""Hosts that wait for their turn, kept by the page, and those that have a row of their own by now."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

import pytest

from shared.adapters.storage import entities, records
from shared.adapters.storage.pool.hostpages import page_prefix
from shared.adapters.storage.store import TableStore
from shared.core.drain.model import Drain
from shared.core.host.host import Ending, HostRecord
from shared.core.host.phases import Phase
from shared.core.values.drainid import drain_id
from tests.support.builders import NOON, POOL, a_drain, a_host, minutes
from tests.support.memory_table import MemoryTable

MANY = 250


class Kept:
    """A drain of many hosts, as it is stored."""

    def __init__(self) -> None:
        self.pools, self.index = MemoryTable(), MemoryTable()
        self.store = TableStore(self.pools, self.index)
        fresh = a_drain(*(a_host(f"h{n:03d}") for n in reversed(range(MANY))))
        id_ = drain_id(POOL.key, "1")
        self.drain = replace(fresh, control=replace(fresh.control, id=id_))

    def rows(self) -> Counter[str]:
        listed = self.pools.peek(POOL.key, f"drain|{self.drain.id}|", "drain|~")
        return Counter(row.key.split("|")[2] for row in listed)

    async def move(self, *keys: str, to: Phase) -> Drain:
        """A step after which these hosts stand somewhere else."""
        lease = await self.store.acquire(POOL.key, "x", NOON, minutes(2))
        before = await self.store.load(self.drain.id, lease)
        assert before is not None
        hosts = tuple(_moved(h, to) if h.key in keys else h for h in before.hosts)
        await self.store.save(lease, before, replace(before, hosts=hosts), [], last=True)
        return replace(before, hosts=hosts)

    async def listed(self, most: int, *phases: Phase) -> list[HostRecord]:
        """All pages of a list of its hosts."""
        found: list[HostRecord] = []
        token: str | None = None
        while True:
            page = await self.store.hosts(self.drain.id, phases, False, most, token)
            assert len(page.items) == most or page.next is None
            found += page.items
            if (token := page.next) is None:
                return found


def _moved(host: HostRecord, to: Phase) -> HostRecord:
    ending = Ending(to, "Skipped", "it is") if to is Phase.SKIPPED else None
    return replace(host, phase=to, ending=ending)


@pytest.fixture
async def kept() -> Kept:
    kept = Kept()
    assert await kept.store.create(kept.drain, []) == {}
    return kept


async def test_a_large_drain_is_recorded_by_the_hundred_hosts(kept: Kept) -> None:
    assert kept.rows() == {"control": 1, "progress": 1, "hostpage": 3}
    found = await kept.store.load(kept.drain.id)
    assert found is not None
    assert found.hosts == tuple(sorted(kept.drain.hosts, key=lambda host: host.key))


async def test_a_host_of_which_something_is_written_has_a_row_of_its_own_that_counts(
    kept: Kept,
) -> None:
    after = await kept.move("h007", "h249", to=Phase.DRAINING)
    assert kept.rows()["host"] == 2
    found = await TableStore(kept.pools, kept.index).load(kept.drain.id)
    assert found is not None
    assert found.hosts == after.hosts


@pytest.mark.parametrize("most", [1, 7, 100, 249, 250, 1000])
@pytest.mark.parametrize(
    "phases",
    [(), (Phase.QUEUED,), (Phase.QUEUED, Phase.DRAINING), (Phase.DRAINING,), (Phase.SKIPPED,)],
)
async def test_pages_of_hosts_are_those_of_the_drain_and_each_comes_once(
    kept: Kept, most: int, phases: Collection[Phase]
) -> None:
    await kept.move(*(f"h{n:03d}" for n in range(0, MANY, 3)), to=Phase.DRAINING)
    drain = await kept.move("h001", "h248", to=Phase.SKIPPED)
    wanted = [host for host in drain.hosts if not phases or host.phase in phases]
    assert await kept.listed(most, *phases) == wanted


async def test_of_a_drain_that_was_never_recorded_no_page_is_left(kept: Kept) -> None:
    other = replace(kept.drain.control, id=drain_id(POOL.key, "2"))
    taken = a_drain(*(a_host(f"g{n:03d}") for n in range(150)), a_host("h000"))
    assert await kept.store.create(replace(taken, control=other), []) == {"h000": kept.drain.id}
    assert kept.pools.peek(POOL.key, page_prefix(other.id), "drain|~")[:1] == []
    claims = await kept.store.claims(POOL.key)
    assert {claim.drain for claim in claims} == {kept.drain.id}


async def test_half_a_creation_is_discarded_with_its_pages(kept: Kept) -> None:
    await kept.store.note_due(kept.drain, NOON)
    for part in ("control", "progress"):
        key = f"drain|{kept.drain.id}|{part}"
        [row] = kept.pools.peek(POOL.key, key, key + "~")
        del kept.pools._rows[POOL.key][row.key]
        kept.pools._keys[POOL.key].remove(row.key)
    await kept.store.discard(kept.drain.id, NOON + minutes(20))
    assert kept.rows() == {}
    assert await kept.store.claims(POOL.key) == ()


async def test_a_page_of_an_older_schema_is_read_host_by_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hosts = (a_host("a"), a_host("b"))
    values = entities.entity_of_page(hosts)
    upgrade = {("host", records.SCHEMA): lambda record: {**record, "sessions_count": 7}}
    monkeypatch.setattr(records, "UPGRADES", upgrade)
    monkeypatch.setattr(records, "SCHEMA", records.SCHEMA + 1)
    # What is read under these is not to be remembered for other tests.
    monkeypatch.setattr(records, "_record", records._record.__wrapped__)
    assert [host.sessions_count for host in records.read_page(values)] == [7, 7]
