"""The same contract for the table in memory and for the emulator: one cannot drift off."""

import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from azure.data.tables.aio import TableServiceClient

from shared.adapters.storage.tables.azuretable import AzureTable
from shared.adapters.storage.tables.table import (
    Among,
    NotEmpty,
    Op,
    Table,
    TableConflictError,
    Values,
)
from tests.support.builders import NOON
from tests.support.memory_table import LimitError, MemoryTable


@pytest_asyncio.fixture(params=["memory", "azurite"], loop_scope="session")
async def table(request: pytest.FixtureRequest, storage: str) -> AsyncIterator[Table]:
    if request.param == "memory":
        yield MemoryTable()
        return
    async with TableServiceClient.from_connection_string(storage) as service:
        yield AzureTable(service, f"t{uuid.uuid4().hex}")


async def test_what_is_written_is_read(table: Table) -> None:
    values = {"text": "ä|x", "number": 7, "yes": True, "at": NOON, "none": None}
    await table.transact("p", [Op("insert", "a|1", values)])
    row = await table.get("p", "a|1")
    assert row is not None
    assert {**row.values} == {"text": "ä|x", "number": 7, "yes": True, "at": NOON}


async def test_what_is_not_there_is_none(table: Table) -> None:
    assert await table.get("p", "a") is None


async def test_an_insert_of_what_is_there_changes_nothing_of_its_transaction(table: Table) -> None:
    await table.transact("p", [Op("insert", "a", {"v": 1})])
    with pytest.raises(TableConflictError):
        await table.transact("p", [Op("upsert", "b", {"v": 1}), Op("insert", "a", {"v": 2})])
    assert await table.get("p", "b") is None


async def test_a_stale_etag_changes_nothing_of_its_transaction(table: Table) -> None:
    [old] = await table.transact("p", [Op("insert", "a", {"v": 1})])
    [new] = await table.transact("p", [Op("replace", "a", {"v": 2}, old)])
    with pytest.raises(TableConflictError):
        await table.transact("p", [Op("replace", "a", {"v": 3}, old), Op("upsert", "b", {})])
    row = await table.get("p", "a")
    assert row is not None
    assert (row.values["v"], row.etag) == (2, new)
    assert await table.get("p", "b") is None


async def test_a_replace_or_delete_of_what_is_not_there_is_a_conflict(table: Table) -> None:
    await table.transact("p", [Op("insert", "there", {"v": 1})])
    for op in (Op("replace", "a", {}, 'W/"1"'), Op("delete", "a")):
        with pytest.raises(TableConflictError):
            await table.transact("p", [op])


async def test_a_delete_that_names_an_etag_is_for_that_version_only(table: Table) -> None:
    [old] = await table.transact("p", [Op("insert", "a", {"v": 1})])
    [new] = await table.transact("p", [Op("replace", "a", {"v": 2}, old)])
    with pytest.raises(TableConflictError):
        await table.transact("p", [Op("delete", "a", etag=old)])
    await table.transact("p", [Op("delete", "a", etag=new)])
    assert await table.get("p", "a") is None


async def test_a_transaction_takes_a_hundred_changes(table: Table) -> None:
    await table.transact("p", [Op("insert", f"{n:03d}", {"v": n}) for n in range(100)])
    assert len(await table.scan("p", "", "~")) == 100


async def test_a_text_of_32_ki_characters_is_taken(table: Table) -> None:
    await table.transact("p", [Op("insert", "a", {"v": "ä" * 32 * 1024})])
    row = await table.get("p", "a")
    assert row is not None
    assert len(row.values["v"]) == 32 * 1024


async def test_a_row_key_is_compared_with_its_letter_case(table: Table) -> None:
    await table.transact("p", [Op("insert", "a", {}), Op("insert", "B", {})])
    assert [row.key for row in await table.scan("p", "", "~")] == ["B", "a"]


TOO_MUCH = {
    "101 changes": [Op("upsert", f"{n}") for n in range(101)],
    "a row twice": [Op("upsert", "a"), Op("upsert", "a")],
    "253 properties": [Op("upsert", "a", {f"p{n}": 1 for n in range(253)})],
    "a text over 32 Ki": [Op("upsert", "a", {"v": "x" * (32 * 1024 + 1)})],
    "an entity over 1 MiB": [Op("upsert", "a", {f"p{n}": "x" * 32_000 for n in range(20)})],
    "a slash in a key": [Op("upsert", "a/b")],
}


@pytest.mark.parametrize("ops", TOO_MUCH.values(), ids=TOO_MUCH)
async def test_what_the_service_refuses_the_table_in_memory_refuses_too(ops: list[Op]) -> None:
    """By its published limits: the emulator takes some of these, so it is not asked."""
    memory = MemoryTable()
    with pytest.raises(LimitError):
        await memory.transact("p", ops)
    assert await memory.scan("p", "", "~") == []


async def test_a_replace_takes_away_what_it_does_not_name(table: Table) -> None:
    [etag] = await table.transact("p", [Op("insert", "a", {"v": 1, "w": 2})])
    await table.transact("p", [Op("replace", "a", {"v": 3}, etag)])
    row = await table.get("p", "a")
    assert row is not None
    assert {**row.values} == {"v": 3}


async def test_a_scan_keeps_to_its_range_its_partition_and_its_filter(table: Table) -> None:
    keys = ["claim|a", "claim|b", "claimx", "drain|1|host|a", "lease"]
    await table.transact("p", [Op("insert", key, {"v": key[-1]}) for key in keys])
    await table.transact("q", [Op("insert", "claim|c", {"v": "c"})])
    found = await table.scan("p", "claim|", "claim|~")
    assert [row.key for row in found] == ["claim|a", "claim|b"]
    assert [r.key for r in await table.scan("p", "", "~", where={"v": "a"})] == [
        "claim|a",
        "drain|1|host|a",
    ]
    assert [r.key for r in await table.scan("p", "", "~", most=2)] == ["claimx", "claim|a"]


@pytest.mark.parametrize(
    ("where", "keys"),
    [
        ({"v": Among(("a", "c"))}, ["a", "c"]),
        ({"v": Among(("b",))}, ["b"]),
        ({"v": Among(("none",))}, []),
        ({"w": NotEmpty()}, ["b", "c"]),
        ({"v": Among(("a", "b")), "w": NotEmpty()}, ["b"]),
    ],
)
async def test_a_scan_may_take_one_of_several_values_or_any_but_none(
    table: Table, where: Values, keys: list[str]
) -> None:
    told = {"a": {"v": "a", "w": ""}, "b": {"v": "b", "w": "!"}, "c": {"v": "c", "w": "x"}}
    await table.transact("p", [Op("insert", k, v) for k, v in {**told, "d": {"v": "d"}}.items()])
    assert [row.key for row in await table.scan("p", "", "~", where=where)] == keys


async def test_a_scan_of_many_rows_returns_them_all_in_order(table: Table) -> None:
    keys = [f"{n:05d}" for n in range(1100)]
    for start in range(0, len(keys), 100):
        await table.transact("p", [Op("insert", k, {"v": 1}) for k in keys[start : start + 100]])
    assert [row.key for row in await table.scan("p", "", "~")] == keys


async def test_a_value_with_quotes_is_found_and_ends_no_condition(table: Table) -> None:
    names = ["o'neil", "' or RowKey ge '", "a' and 'b", "%27", "ä&$top=1"]
    await table.transact("p", [Op("insert", f"k{n}", {"name": n_}) for n, n_ in enumerate(names)])
    for number, name in enumerate(names):
        found = await table.scan("p", "", "~", where={"name": name})
        assert [row.key for row in found] == [f"k{number}"]
        among = await table.scan("p", "", "~", where={"name": Among((name, "x"))})
        assert [row.key for row in among] == [f"k{number}"]
    assert await table.scan("p' or PartitionKey ge '", "", "~") == []


async def test_more_rows_than_a_page_holds_are_all_read(table: Table) -> None:
    for start in range(0, 2100, 100):
        ops = [Op("insert", f"{n:05d}", {"n": n}) for n in range(start, start + 100)]
        await table.transact("p", ops)
    found = await table.scan("p", "", "~")
    assert [row.values["n"] for row in found] == list(range(2100))
    assert len(await table.scan("p", "", "~", 1500)) == 1500
    assert len(await table.scan("p", "", "~", 10)) == 10
