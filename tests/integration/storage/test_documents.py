"""Records of campaigns and schedules: in memory, and on the storage emulator, the same."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import pytest_asyncio
from azure.data.tables.aio import TableServiceClient

from shared.adapters.storage.documents import TableDocuments
from shared.adapters.storage.records import SCHEMA
from shared.adapters.storage.store import TableStore
from shared.adapters.storage.tables.azuretable import AzureTable
from shared.adapters.storage.tables.table import Op, Table
from shared.core.schedules.runs import run_key
from shared.core.schedules.schedules import Run, RunState, Schedule, What
from shared.errors import ChangedError, UnreadableError
from shared.ports import StepCampaign
from tests.support.builders import NOON, minutes
from tests.support.memory_table import MemoryTable


@pytest_asyncio.fixture(params=["memory", "azurite"], loop_scope="session")
async def table(request: Any, storage: str) -> AsyncIterator[Table]:
    if request.param == "memory":
        yield MemoryTable()
        return
    async with TableServiceClient.from_connection_string(storage) as service:
        yield AzureTable(service, f"d{uuid.uuid4().hex}")


def a_schedule(name: str = "nightly", **more: Any) -> Schedule:
    given: dict[str, Any] = {"except_dates": (date(2026, 12, 25),), "changed_at": NOON} | more
    return Schedule(name, "0 22 * * *", "Europe/Berlin", What.DRAIN, '{"a": 1}', **given)


async def test_a_record_is_read_as_it_was_written_however_long(table: Table) -> None:
    documents = TableDocuments(table, "schedules", Schedule)
    long = a_schedule(calendar="x" * 200_000)
    await documents.insert("nightly", long)
    found = await documents.get("nightly")
    assert found is not None
    assert found[0] == long
    assert await documents.get("other") is None


async def test_a_record_is_inserted_once_and_replaced_at_its_version(table: Table) -> None:
    documents = TableDocuments(table, "schedules", Schedule)
    await documents.insert("nightly", a_schedule())
    with pytest.raises(ChangedError):
        await documents.insert("nightly", a_schedule())
    found = await documents.get("nightly")
    assert found is not None
    await documents.replace("nightly", replace(found[0], enabled=False), found[1])
    with pytest.raises(ChangedError):
        await documents.replace("nightly", found[0], found[1])
    with pytest.raises(ChangedError):
        await documents.delete("nightly", found[1])
    newer = await documents.get("nightly")
    assert newer is not None
    await documents.delete("nightly", newer[1])
    assert await documents.get("nightly") is None
    with pytest.raises(ChangedError):
        await documents.delete("nightly", newer[1])
    await documents.delete("nightly")


async def test_the_runs_of_a_schedule_are_listed_newest_first_and_apart(table: Table) -> None:
    documents = TableDocuments(table, "moments", Run)
    for name in ("a", "a-b"):
        for n in range(3):
            run = Run(name, NOON + minutes(n), RunState.SKIPPED, str(n))
            await documents.insert(run_key(name, run.at), run)
    page = await documents.list("a|", 2, None)
    assert [(run.schedule, run.text) for run in page.items] == [("a", "2"), ("a", "1")]
    rest = await documents.list("a|", 2, page.next)
    assert [run.text for run in rest.items] == ["0"]


async def test_a_record_of_a_newer_version_is_not_read(table: Table) -> None:
    values = {"schema": SCHEMA + 1, "data": "{}"}
    await table.transact("schedules", [Op("insert", "new", values)])
    with pytest.raises(UnreadableError, match="this app knows"):
        await TableDocuments(table, "schedules", Schedule).get("new")


async def test_the_timer_sends_for_campaigns(table: Table) -> None:
    store = TableStore(MemoryTable(), table)
    await store.note_work(StepCampaign("campaign-1"), NOON)
    assert await store.overdue(NOON, 10) == (StepCampaign("campaign-1"),)
    await store.note_work(StepCampaign("campaign-1"), None)
    assert await store.overdue(NOON, 10) == ()
