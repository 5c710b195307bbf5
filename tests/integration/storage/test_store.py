"""State in Table Storage, on the emulator."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
from azure.data.tables.aio import TableServiceClient

from shared.adapters.storage import entities, records
from shared.adapters.storage.records import NewerSchemaError
from shared.adapters.storage.store import TableStore
from shared.adapters.storage.tables.azuretable import AzureTable
from shared.adapters.storage.tables.table import Op
from shared.core.drain.history.facts import Line
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Drain
from shared.core.host.host import HostRecord
from shared.core.host.orders import Order
from shared.core.host.phases import Phase
from shared.core.host.sessions import SessionRecord
from shared.core.host.status import Status
from shared.core.values.drainid import drain_id
from shared.core.values.hostpool import HostPoolId
from shared.errors import ChangedError, LeaseHeldError, LeaseLostError
from shared.ports import TakeStep
from tests.support.builders import NOON, POOL, a_drain, a_host, minutes


@pytest_asyncio.fixture(loop_scope="session")
async def pools(storage: str) -> AsyncIterator[tuple[AzureTable, AzureTable]]:
    async with TableServiceClient.from_connection_string(storage) as service:
        unique = uuid.uuid4().hex
        yield AzureTable(service, f"p{unique}"), AzureTable(service, f"i{unique}")


@pytest_asyncio.fixture(loop_scope="session")
async def store(pools: tuple[AzureTable, AzureTable]) -> TableStore:
    return TableStore(*pools)


def new_drain(*names: str, unique: str = "1", pool: HostPoolId = POOL) -> Drain:
    drain = a_drain(*(a_host(name) for name in names))
    control = replace(drain.control, id=drain_id(pool.key, unique), pool=pool)
    return replace(drain, control=control)


async def test_a_drain_is_read_as_it_was_written(store: TableStore) -> None:
    drain = new_drain("a", "b")
    assert await store.create(drain, []) == {}
    assert await store.load(drain.id) == drain


async def test_a_host_is_in_at_most_one_drain(store: TableStore) -> None:
    first, second = new_drain("a", "b"), new_drain("b", "c", unique="2")
    await store.create(first, [])
    assert await store.create(second, []) == {"b": first.id}
    assert await store.load(second.id) is None
    assert {c.host for c in await store.claims(POOL.key)} == {"a", "b"}


async def test_a_drain_gets_no_host_of_another_request_with_the_same_key(store: TableStore) -> None:
    """One that was checked for long, while the other was recorded."""
    first, second = new_drain("a"), new_drain("a", "b")
    assert first.id == second.id
    await store.create(first, [])
    with pytest.raises(ChangedError):
        await store.create(second, [])
    assert await store.load(first.id) == first
    assert {c.host for c in await store.claims(POOL.key)} == {"a"}


async def test_a_drain_of_many_hosts_is_refused_whole(store: TableStore) -> None:
    await store.create(new_drain("h150"), [])
    many = new_drain(*(f"h{n}" for n in range(200)), unique="2")
    assert set(await store.create(many, [])) == {"h150"}
    assert len(await store.claims(POOL.key)) == 1


async def test_a_drain_of_many_hosts_is_written_and_saved_in_several_transactions(
    store: TableStore,
) -> None:
    drain = new_drain(*(f"h{n:03d}" for n in range(250)))
    await store.create(drain, [])
    lease = await store.acquire(POOL.key, "one", NOON, minutes(2))
    changed = replace(drain, hosts=tuple(h.moved(Phase.DRAINING, NOON) for h in drain.hosts))
    await store.save(lease, drain, changed, [Entry(NOON, Line("x"))])
    assert await store.load(drain.id) == changed
    assert all(claim.out for claim in await store.claims(POOL.key))


async def test_while_one_holds_the_lease_another_does_not_get_it(store: TableStore) -> None:
    await store.acquire(POOL.key, "one", NOON, minutes(2))
    with pytest.raises(LeaseHeldError):
        await store.acquire(POOL.key, "two", NOON + minutes(1), minutes(2))
    await store.acquire(POOL.key, "two", NOON + minutes(3), minutes(2))


async def test_a_released_lease_is_free_at_once(store: TableStore) -> None:
    lease = await store.acquire(POOL.key, "one", NOON, minutes(2))
    await store.release(lease)
    await store.acquire(POOL.key, "two", NOON, minutes(2))


async def test_the_last_write_of_a_step_lets_go_of_the_lease(store: TableStore) -> None:
    drain = new_drain("a")
    await store.create(drain, [])
    lease = await store.acquire(POOL.key, "one", NOON, minutes(2))
    changed = replace(drain, hosts=(drain.hosts[0].moved(Phase.DRAINING, NOON),))
    await store.save(lease, drain, changed, [], last=True)
    after = await store.acquire(POOL.key, "two", NOON, minutes(2))
    await store.release(lease)
    await store.save(after, changed, drain, [])
    assert await store.load(drain.id) == drain


async def test_whoever_lost_the_lease_writes_nothing(store: TableStore) -> None:
    drain = new_drain("a")
    await store.create(drain, [])
    stale = await store.acquire(POOL.key, "one", NOON, minutes(2))
    await store.acquire(POOL.key, "two", NOON + minutes(3), minutes(2))
    changed = replace(drain, hosts=(drain.hosts[0].moved(Phase.DRAINING, NOON),))
    with pytest.raises(LeaseLostError):
        await store.save(stale, drain, changed, [])
    await store.release(stale)
    assert await store.load(drain.id) == drain
    with pytest.raises(LeaseHeldError):
        await store.acquire(POOL.key, "three", NOON + minutes(4), minutes(2))


async def test_a_claim_that_someone_removed_by_hand_does_not_stop_the_drain(
    store: TableStore, pools: tuple[AzureTable, AzureTable]
) -> None:
    drain = new_drain("a")
    await store.create(drain, [])
    await pools[0].transact(POOL.key, [Op("delete", "claim|a")])
    lease = await store.acquire(POOL.key, "one", NOON, minutes(2))
    ended = replace(drain, hosts=(drain.hosts[0].moved(Phase.CANCELED, NOON),))
    await store.save(lease, drain, ended, [])
    assert await store.load(drain.id) == ended


async def test_a_host_with_very_many_sessions_is_kept_whole(store: TableStore) -> None:
    drain = new_drain("a")
    await store.create(drain, [])
    sessions = tuple(
        SessionRecord(str(n), f"user-{n}@contoso.example", NOON, "Active", NOON) for n in range(500)
    )
    full = replace(drain, hosts=(replace(drain.hosts[0], sessions=sessions),))
    lease = await store.acquire(POOL.key, "one", NOON, minutes(2))
    await store.save(lease, drain, full, [])
    assert await store.load(drain.id) == full


async def test_orders_are_seen_by_the_next_step_whoever_writes_meanwhile(store: TableStore) -> None:
    drain = new_drain("a")
    await store.create(drain, [])
    lease = await store.acquire(POOL.key, "one", NOON, minutes(2))
    order = Order("anna", NOON, "enough")
    read = await store.load(drain.id)
    assert read is not None
    control = replace(read.control, cancel=order, releases={"a": order})
    await store.change(read, control, [])
    with pytest.raises(ChangedError):
        await store.change(read, control, [])
    await store.save(
        lease, drain, replace(drain, hosts=(drain.hosts[0].moved(Phase.DRAINING, NOON),)), []
    )
    found = await store.load(drain.id)
    assert found is not None
    assert (found.control.cancel, found.control.released("a")) == (order, order)
    assert found.hosts[0].phase is Phase.DRAINING


async def test_drains_are_listed_newest_first_in_pages_and_by_pool_and_status(
    store: TableStore,
) -> None:
    other = HostPoolId(POOL.subscription, POOL.resource_group, "hp-other")
    for n in range(5):
        drain = new_drain(f"h{n}", unique=str(n), pool=POOL if n % 2 else other)
        asked = replace(drain.control.asked, at=NOON + minutes(n))
        await store.create(replace(drain, control=replace(drain.control, asked=asked)), [])
    first = await store.drains(None, None, 3, None)
    rest = await store.drains(None, None, 3, first.next)
    times = [s.asked.at for s in (*first.items, *rest.items)]
    assert times == sorted(times, reverse=True)
    assert (len(first.items), len(rest.items), rest.next) == (3, 2, None)
    assert len((await store.drains(POOL, Status.NOT_STARTED, 9, None)).items) == 2
    assert (await store.drains(POOL, Status.FAILED, 9, None)).items == ()


async def test_history_is_kept_in_order_and_in_pages(store: TableStore) -> None:
    drain = new_drain("a")
    await store.create(drain, [Entry(NOON, Line("first"))])
    lease = await store.acquire(POOL.key, "one", NOON, minutes(2))
    later = [Entry(NOON + minutes(n), Line(f"then {n}"), "a", "anna", "why") for n in range(1, 6)]
    await store.save(lease, drain, drain, later)
    first = await store.history(drain.id, 4, None)
    rest = await store.history(drain.id, 4, first.next)
    assert [e.what for e in (*first.items, *rest.items)] == [
        "first",
        *(e.what for e in later),
    ]


async def test_two_entries_of_one_moment_are_both_kept(store: TableStore) -> None:
    drain = new_drain("a")
    await store.create(drain, [Entry(NOON, Line("one"))])
    lease = await store.acquire(POOL.key, "one", NOON, minutes(2))
    await store.save(lease, drain, drain, [Entry(NOON, Line("another"))])
    assert len((await store.history(drain.id, 9, None)).items) == 2


async def test_only_active_drains_can_be_overdue(store: TableStore) -> None:
    drains = [new_drain(f"h{n}", unique=str(n)) for n in range(3)]
    for n, drain in enumerate(drains):
        await store.note_due(drain, NOON + minutes(n))
    await store.note_due(drains[0], None)
    assert await store.overdue(NOON + minutes(1), 10) == (TakeStep(drains[1].id),)


async def test_an_entity_of_a_newer_app_is_not_touched() -> None:
    values = {**entities.entity_of(a_host()), "schema": records.SCHEMA + 1}
    with pytest.raises(NewerSchemaError):
        records.read(HostRecord, values)


async def test_an_entity_of_an_older_schema_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the host's name had once been called its label."""
    values = dict(entities.entity_of(a_host("b")))
    values["data"] = values["data"].replace('"name"', '"label"')

    def upgrade(record: dict[str, object]) -> dict[str, object]:
        return {**record, "name": record["label"]}

    monkeypatch.setattr(records, "UPGRADES", {("host", records.SCHEMA): upgrade})
    monkeypatch.setattr(records, "SCHEMA", records.SCHEMA + 1)
    # What is read under these is not to be remembered for other tests.
    monkeypatch.setattr(records, "_record", records._record.__wrapped__)
    assert records.read(HostRecord, values) == a_host("b")
