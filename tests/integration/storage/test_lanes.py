"""What is to be told, in the storage emulator: saved with its entry, handed on once, bounded by what a row takes."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest_asyncio
from azure.data.tables.aio import TableServiceClient

from shared.adapters.storage import packing, records
from shared.adapters.storage.documents import TableDocuments
from shared.adapters.storage.store import TableStore
from shared.adapters.storage.tables.azuretable import AzureTable
from shared.core.drain.happenings import Happening, Kind, Level
from shared.core.drain.history.facts import Line
from shared.core.drain.history.history import Entry
from shared.core.host.phases import Phase
from shared.core.notifications import lane as lanes
from shared.core.notifications.lane import Lane, added
from shared.core.notifications.rules import Receiver, ReceiverKind
from shared.ports import PassOn, TellReceiver
from tests.integration.storage.test_store import new_drain
from tests.support.builders import NOON, POOL, minutes

DESK = Receiver("desk", ReceiverKind.TEAMS, "NOTIFY_DESK")


def happening(number: int = 1, text: str = "not well") -> Happening:
    return Happening(
        f"d/{number}", Kind.HOST_ATTENTION, Level.ERROR, NOON, f"a|{number}", text, (POOL.resource_id,), "d", text,
        details=(text,) * 10, reason=text,
    )  # fmt: skip


@pytest_asyncio.fixture(loop_scope="session")
async def tables(storage: str) -> AsyncIterator[tuple[AzureTable, AzureTable]]:
    async with TableServiceClient.from_connection_string(storage) as service:
        unique = uuid.uuid4().hex
        yield AzureTable(service, f"p{unique}"), AzureTable(service, f"i{unique}")


async def test_what_is_to_be_told_is_saved_with_its_entry_and_read_with_its_drain(
    tables: tuple[AzureTable, AzureTable],
) -> None:
    store, drain = TableStore(*tables), new_drain("a")
    await store.create(drain, [])
    lease = await store.acquire(POOL.key, "one", NOON, minutes(2))
    moved = replace(drain, hosts=(drain.hosts[0].moved(Phase.DRAINING, NOON),))
    entry = Entry(NOON, Line("x"), "a")
    told = [happening(1), happening(2)]
    await store.save(
        lease, drain, moved, [entry], last=True, untold=[(entry, each) for each in told]
    )
    assert await store.untold(drain.id) == tuple(told)
    for reader in (store, TableStore(*tables)):  # one knows the drain, the other does not
        lease = await reader.acquire(POOL.key, "two", NOON, minutes(2))
        found = await reader.load(drain.id, lease)
        assert found is not None
        assert found.untold == tuple(told)
        await reader.release(lease)
    await store.handed_on(drain.id, told[:1])
    await store.handed_on(drain.id, told[:1])  # again does no harm
    assert await store.untold(drain.id) == (told[1],)


async def test_the_timer_finds_what_is_late(tables: tuple[AzureTable, AzureTable]) -> None:
    store = TableStore(*tables)
    late = (TellReceiver("desk"), PassOn("hp-0123456789-0123456789"))
    for work in late:
        await store.note_work(work, NOON)
    assert set(await store.overdue(NOON, 10)) == set(late)
    assert await store.looked() == {}  # they are no drains
    for work in late:
        await store.note_work(work, None)
    assert await store.overdue(NOON, 10) == ()


async def test_the_fullest_lane_is_a_row_that_storage_takes(
    tables: tuple[AzureTable, AzureTable],
) -> None:
    documents = TableDocuments(tables[1], "lanes", Lane)
    for text in ("x" * 400, "ü🎉" * 200, "\\" * 400):
        lane = Lane("desk")
        for first in range(0, lanes.MOST * 3, 50):
            more = [happening(n, text) for n in range(first, first + 50)]
            lane = added(lane, more, DESK, NOON)
        record = records.packed(records.adapter(Lane).dump_json(lane).decode())
        assert packing.size_of(record) <= packing.LARGEST  # the emulator may take more
        await documents.delete("desk")
        await documents.insert("desk", lane)
        found = await documents.get("desk")
        assert found is not None
        assert found[0] == lane
