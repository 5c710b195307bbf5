"""Drains as they are read, on the emulator: by their overview, by pages of their hosts."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from azure.data.tables.aio import TableServiceClient

from shared.adapters.storage import records
from shared.adapters.storage.pool.hostpages import page_prefix
from shared.adapters.storage.store import TableStore
from shared.adapters.storage.tables.azuretable import AzureTable
from shared.adapters.storage.tables.table import Op, Row
from shared.core.drain.model import Drain
from shared.core.drain.summary.overview import overview_of
from shared.core.host.host import Ending
from shared.core.host.orders import Order
from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.core.values.drainid import drain_id
from shared.errors import UnreadableError
from tests.support.builders import NOON, POOL, a_drain, a_host, minutes

NEEDS = Ending(Phase.FAILED, "NotWell", "it is not well", attention=True)


class Watched(AzureTable):
    """Remembers which rows were read."""

    read: list[str]

    async def get(self, partition: str, key: str) -> Row | None:
        found = await super().get(partition, key)
        self.read += [found.key] if found is not None else []
        return found

    async def scan(self, *words: Any, **named: Any) -> list[Row]:
        found = await super().scan(*words, **named)
        self.read += [row.key for row in found]
        return found


@pytest_asyncio.fixture(loop_scope="session")
async def tables(storage: str) -> AsyncIterator[tuple[Watched, Watched]]:
    async with TableServiceClient.from_connection_string(storage) as service:
        unique = uuid.uuid4().hex
        pools, index = Watched(service, f"p{unique}"), Watched(service, f"i{unique}")
        pools.read, index.read = [], []
        yield pools, index


@pytest.fixture
def store(tables: tuple[Watched, Watched]) -> TableStore:
    return TableStore(*tables)


async def created(store: TableStore, *names: str, unique: str = "1", **control: Any) -> Drain:
    drain = a_drain(*(a_host(name) for name in names), **control)
    asked = replace(drain.control, id=drain_id(POOL.key, unique))
    made = replace(drain, control=asked)
    assert await store.create(made, []) == {}
    return made


async def saved(store: TableStore, drain: Drain, *hosts: Any, **progress: Any) -> Drain:
    lease = await store.acquire(POOL.key, "one", NOON, minutes(2))
    after = replace(drain, hosts=hosts, progress=replace(drain.progress, **progress))
    await store.save(lease, drain, after, [], last=True)
    return after


async def test_an_overview_is_read_from_two_rows_whatever_the_number_of_hosts(
    store: TableStore, tables: tuple[Watched, Watched]
) -> None:
    drain = await created(store, *(f"h{n:03d}" for n in range(120)))
    tables[0].read.clear()
    told = await store.overview(drain.id)
    assert told == overview_of(drain)
    assert sorted(tables[0].read) == [f"drain|{drain.id}|control", f"drain|{drain.id}|progress"]


async def test_an_overview_tells_the_hosts_as_they_were_saved(store: TableStore) -> None:
    """Even where nothing of the progress itself has changed."""
    drain = await created(store, "a", "b")
    moved = drain.hosts[0].moved(Phase.DRAINING, NOON)
    after = await saved(store, drain, moved, drain.hosts[1])
    told = await store.overview(drain.id)
    assert told == overview_of(after)
    assert told.tally.phases == {Phase.QUEUED: 1, Phase.DRAINING: 1}


async def test_its_version_is_the_one_that_an_order_is_given_on(store: TableStore) -> None:
    drain = await created(store, "a")
    first, whole = await store.overview(drain.id), await store.load(drain.id)
    assert first is not None
    assert whole is not None
    assert first.version == whole.version != ""
    canceled = replace(whole.control, cancel=Order("anna", NOON, "not tonight"))
    await store.change(whole, canceled, [])
    again = await store.overview(drain.id)
    assert again is not None
    assert again.version != first.version
    assert again.cancel == canceled.cancel


@pytest.mark.parametrize("tally", [None, "", "{", '{"phases": {"gone": 1}}', '{"phases": 1}'])
async def test_where_hosts_are_not_counted_or_not_legibly_their_records_are(
    store: TableStore, tables: tuple[Watched, Watched], tally: str | None
) -> None:
    """As a version of the app left it that knew of no counts."""
    drain = await created(store, "a", "b")
    key = f"drain|{drain.id}|progress"
    row = await tables[0].get(POOL.key, key)
    assert row is not None
    values = {k: v for k, v in row.values.items() if not k.startswith("tally")}
    await tables[0].transact(
        POOL.key, [Op("upsert", key, values if tally is None else {**values, "tally": tally})]
    )
    assert await store.overview(drain.id) == overview_of(drain)


async def test_of_no_drain_there_is_no_overview_and_of_half_a_one_neither(
    store: TableStore, tables: tuple[Watched, Watched]
) -> None:
    assert await store.overview(drain_id(POOL.key, "none")) is None
    assert await store.control(drain_id(POOL.key, "none")) is None
    drain = await created(store, "a")
    await tables[0].transact(POOL.key, [Op("delete", f"drain|{drain.id}|progress")])
    assert await store.overview(drain.id) is None


async def test_a_record_of_a_newer_app_is_not_told_as_if_it_were_known(
    store: TableStore, tables: tuple[Watched, Watched]
) -> None:
    drain = await created(store, "a")
    key = f"drain|{drain.id}|control"
    row = await tables[0].get(POOL.key, key)
    assert row is not None
    newer = {**row.values, "schema": records.SCHEMA + 1}
    await tables[0].transact(POOL.key, [Op("upsert", key, newer)])
    for read in (store.overview, store.control):
        with pytest.raises(UnreadableError, match="schema"):
            await read(drain.id)
    [listed] = (await store.drains(None, None, 9, None)).items
    assert (listed.id, listed.pool, listed.policy) == (drain.id, POOL, None)
    assert "schema" in listed.progress.trouble


async def test_orders_of_schema_1_are_part_of_what_is_asked(
    store: TableStore, tables: tuple[Watched, Watched]
) -> None:
    drain = await created(store, "a")
    order = {"schema": 1, "data": '{"by": "anna", "at": "2026-11-23T12:00:00Z", "why": "enough"}'}
    await tables[0].transact(POOL.key, [Op("upsert", f"drain|{drain.id}|order|cancel", order)])
    told, control = await store.overview(drain.id), await store.control(drain.id)
    assert told is not None
    assert control is not None
    assert told.cancel == control.cancel == Order("anna", NOON, "enough")


async def test_hosts_come_in_pages_by_name(store: TableStore) -> None:
    drain = await created(store, *(f"h{n}" for n in range(5)))
    first = await store.hosts(drain.id, (), False, 2, None)
    second = await store.hosts(drain.id, (), False, 2, first.next)
    third = await store.hosts(drain.id, (), False, 2, second.next)
    assert (*first.items, *second.items, *third.items) == drain.hosts
    assert third.next is None


async def test_only_the_hosts_that_are_asked_for_are_told_and_their_pages_are_full(
    store: TableStore,
) -> None:
    drain = await created(store, *(f"h{n}" for n in range(7)))
    hosts = [
        replace(h.moved(Phase.DRAINING, NOON), out_at=NOON) if n % 2 else h
        for n, h in enumerate(drain.hosts)
    ]
    hosts[6] = replace(hosts[6], phase=Phase.FAILED, ending=NEEDS)
    await saved(store, drain, *hosts)

    async def keys(phases: tuple[Phase, ...], needing: bool, most: int = 9) -> list[str]:
        return [
            host.key for host in (await store.hosts(drain.id, phases, needing, most, None)).items
        ]

    assert await keys((Phase.DRAINING,), False) == ["h1", "h3", "h5"]
    assert await keys((Phase.DRAINING,), False, 2) == ["h1", "h3"]
    assert await keys((Phase.DRAINING, Phase.FAILED), False) == ["h1", "h3", "h5", "h6"]
    assert await keys((), True) == ["h6"]
    assert await keys((Phase.QUEUED,), True) == []


async def test_of_a_drain_that_has_ended_the_list_has_all_that_is_told_of_it(
    store: TableStore, tables: tuple[Watched, Watched]
) -> None:
    drain = await created(store, "a")
    done = replace(drain.hosts[0], phase=Phase.FAILED, ending=NEEDS)
    after = await saved(store, drain, done, status=Status.FAILED, ended_at=NOON)
    tables[0].read.clear()
    assert (await store.drains(POOL, Status.FAILED, 9, None)).items == (overview_of(after),)
    assert tables[0].read == []


async def test_of_one_that_goes_on_the_list_tells_how_far_it_is_now(store: TableStore) -> None:
    drain = await created(store, "a", "b")
    after = await saved(store, drain, drain.hosts[0].moved(Phase.DRAINING, NOON), drain.hosts[1])
    assert (await store.drains(None, None, 9, None)).items == (overview_of(after),)


async def test_one_that_is_being_removed_is_listed_by_its_name(
    store: TableStore, tables: tuple[Watched, Watched]
) -> None:
    drain, other = await created(store, "a"), await created(store, "b", unique="2")
    left = [page_prefix(drain.id) + "a", f"drain|{drain.id}|control"]
    await tables[0].transact(POOL.key, [Op("delete", key) for key in left])
    found = {each.id: each for each in (await store.drains(None, None, 9, None)).items}
    assert found[other.id] == overview_of(other)
    assert found[drain.id].progress.trouble == "its record is gone"
    assert found[drain.id].tally.hosts == 0
