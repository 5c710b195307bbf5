"""A record whose JSON is of another shape is unreadable, whatever is wrong with it; why is told without what stands in it."""

import json
from typing import Any

import pytest

from shared.adapters.storage import records
from shared.adapters.storage.documents import TableDocuments
from shared.adapters.storage.entities import entity_of
from shared.adapters.storage.packing import pieces
from shared.adapters.storage.pool import rows
from shared.adapters.storage.store import TableStore
from shared.adapters.storage.tables.table import Op
from shared.core.drain.model import Claim, Control
from shared.core.host.host import HostRecord
from shared.core.host.phases import Phase
from shared.core.schedules.schedules import Schedule, What
from shared.core.values.drainid import drain_id
from shared.errors import UnreadableError
from tests.support.builders import NOON, POOL, a_drain, a_host
from tests.support.memory_table import MemoryTable

ID = drain_id(POOL.key, "x")
CLAIM = Claim("a", "A", ID, NOON, out=True, restore_by=NOON)


def changed(values: Any, **fields: Any) -> dict[str, Any]:
    """A row's columns with other fields in its record."""
    return {**values, "data": json.dumps({**json.loads(values["data"]), **fields})}


@pytest.mark.parametrize("field", ["claimed_at", "restore_by"])
async def test_a_claim_with_a_time_that_has_no_zone_spoils_no_other_of_its_pool(field: str) -> None:
    """Compared with the time now it would fail, in each run of the watchdog, for the whole pool."""
    pools = MemoryTable()
    spoilt = changed(entity_of(CLAIM), **{field: "2026-11-23T00:00:00"})
    pools.put(POOL.key, Op("insert", rows.claim_key("a"), spoilt))
    other = Claim("b", "B", ID, NOON, out=True)
    pools.put(POOL.key, Op("insert", rows.claim_key("b"), entity_of(other)))
    first, second = await TableStore(pools, MemoryTable()).claims(POOL.key)
    assert first.unreadable
    assert second == other


@pytest.mark.parametrize("schema", [1, 2, 3])
@pytest.mark.parametrize("text", ["[1]", "null", "7", '"x"', "[" * 100_000])
@pytest.mark.parametrize("kind", [each for name, each in records.KINDS.items() if name != "page"])
def test_an_upgrade_that_meets_another_shape_makes_a_record_unreadable_and_fails_nothing_else(
    kind: Any, text: str, schema: int
) -> None:
    values = {"schema": schema, **pieces(text, "data")}
    with pytest.raises(UnreadableError), records.readable("it"):
        records.read(kind, values)


@pytest.mark.parametrize("odd", [7, "", "[]", "{", True])
@pytest.mark.parametrize("column", ["tally", "forecast", "availability"])
async def test_what_stands_beside_a_record_and_cannot_be_read_makes_no_drain_unreadable(
    column: str, odd: Any
) -> None:
    """Nothing hangs on it: hosts are counted anew, and the next step foresees anew."""
    pools = MemoryTable()
    drain = a_drain()
    control = changed(rows.control(drain).values, id=ID)
    pools.put(POOL.key, Op("insert", f"drain|{ID}|control", control))
    progress = {**rows.progress(drain).values, column: odd}
    pools.put(POOL.key, Op("insert", f"drain|{ID}|progress", progress))
    store = TableStore(pools, MemoryTable())
    assert await store.load(ID)
    assert await store.overview(ID)
    assert await store.forecast(ID) is None


ODD_SCHEMAS: list[Any] = [None, "", "4", 0, -1, True, 4.0, float("inf"), NOON]


@pytest.mark.parametrize("schema", ODD_SCHEMAS)
def test_a_record_without_the_number_of_its_schema_is_unreadable(schema: Any) -> None:
    values = {**entity_of(CLAIM), "schema": schema}
    with pytest.raises(UnreadableError, match="number of its schema"), records.readable("claim"):
        records.read(Claim, values)


def test_why_a_record_cannot_be_read_tells_nothing_that_stands_in_it() -> None:
    """It may hold the address of a webhook, with its key."""
    secret = "https://hooks.example/?sig=c2VjcmV0"
    values = changed(entity_of(a_drain().control), policy=secret, pool=secret, notes=[secret])
    with pytest.raises(UnreadableError) as caught, records.readable("drain x"):
        records.read(Control, values)
    assert str(caught.value).startswith("drain x: ")
    assert "policy" in str(caught.value)
    assert "sig" not in f"{caught.value} {caught.value.__cause__}"


@pytest.mark.parametrize("other", ["hp-other", drain_id(POOL.key, "y")])
async def test_a_record_of_another_drain_than_its_key_names_is_unreadable(other: str) -> None:
    """By it the hosts of another drain, or of another pool, would be worked on."""
    pools = MemoryTable()
    drain = a_drain()
    for op in (rows.control(drain), rows.progress(drain)):
        key = op.key.replace(drain.id, ID)
        pools.put(
            POOL.key,
            Op(
                "insert", key, {**changed(op.values, **({"id": other} if "control" in key else {}))}
            ),
        )
    store = TableStore(pools, MemoryTable())
    for read in (store.load, store.overview, store.control):
        with pytest.raises(UnreadableError, match="another drain"):
            await read(ID)


async def test_a_record_of_another_host_than_its_key_names_is_unreadable() -> None:
    """Passed over, the host would count as one to which nothing has happened yet."""
    pools = MemoryTable()
    drain = a_drain()
    control = changed(rows.control(drain).values, id=ID)
    pools.put(POOL.key, Op("insert", f"drain|{ID}|control", control))
    pools.put(POOL.key, Op("insert", f"drain|{ID}|progress", rows.progress(drain).values))
    host: HostRecord = a_host("b", phase=Phase.DRAINING)
    pools.put(POOL.key, Op("insert", rows.host_key(ID, "a"), entity_of(host)))
    with pytest.raises(UnreadableError, match="another host"):
        await TableStore(pools, MemoryTable()).load(ID)


ODD_SCHEDULES: list[dict[str, str]] = [
    {"cron": "whenever"}, {"zone": "Mars/Olympus"}, {"zone": "Europe"}, {"zone": ""},
    {"request": "no json"}, {"request": "[]"},
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD_SCHEDULES)
async def test_a_schedule_that_nobody_can_reckon_with_is_unreadable_and_keeps_no_other_from_being_listed(
    odd: dict[str, str],
) -> None:
    """A newer version, or its data of time zones, may know more than this one."""
    index = MemoryTable()
    schedules = TableDocuments(index, "schedules", Schedule)
    for name in ("a", "b"):
        await schedules.insert(name, Schedule(name, "30 5 * * *", "UTC", What.DRAIN, "{}"))
    [row, _] = index.peek("schedules", "", "~")
    index.put("schedules", Op("upsert", "a", changed(row.values, **odd)))
    page = await schedules.list("", 9, None)
    assert [schedule.name for schedule in page.items] == ["b"]
    assert page.unreadable == ("a",)
    with pytest.raises(UnreadableError):
        await schedules.get("a")
