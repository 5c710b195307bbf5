"""Rows of another hand, or of a newer version, are left as they are, and keep nothing else from its turn."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.adapters.storage import records
from shared.adapters.storage.inbox import TableInbox
from shared.adapters.storage.queue import decode
from shared.adapters.storage.store import TableStore
from shared.adapters.storage.tables.table import Op
from shared.core.access.roles import Reach
from shared.core.events.records import EventKey, EventOutcome, EventRecord
from shared.core.events.signals import Says, Signal
from shared.core.host.status import Status
from shared.core.values.drainid import drain_id
from shared.ports import TakeStep
from tests.support.builders import NOON, POOL, a_drain
from tests.support.memory_table import MemoryTable

ID = drain_id(POOL.key, "x")
LATER = NOON + timedelta(days=90)
STRANGE = ["zzz", "INBOX", ID.upper(), "newkind|x", "happenings|zzz", f"{ID.upper()}|x", "|", "0"]


def drain(id_: str = ID) -> Any:
    made = a_drain()
    return replace(made, control=replace(made.control, id=id_))


@pytest.mark.parametrize("key", STRANGE)
async def test_work_of_a_kind_that_this_version_does_not_know_is_not_sent_for_and_stays(
    key: str,
) -> None:
    """Its message would fail for ever, or whoever took it for another kind would remove it."""
    index = MemoryTable()
    store = TableStore(MemoryTable(), index)
    await store.note_due(drain(), NOON)
    index.put("active", Op("insert", key, {"dueAt": NOON}))
    work, _ = await store.active(LATER, 9)
    assert work == (TakeStep(ID),)
    assert index.peek("active", key, key + "~")


@pytest.mark.parametrize(
    "text",
    [
        '{"drain": "zzz"}', '{"drain": ""}', '{"drain": "zzz", "subscription": "y"}',
        '{"happenings": "zzz"}', '{"happenings": ""}', '{"newkind": "x"}', "[]", "7", "[" * 100_000,
    ],
)  # fmt: skip
def test_a_message_that_names_no_drain_is_none_of_this_apps(text: str) -> None:
    """Reported as one, the report would fail, too: there is no drain whose history could tell."""
    with pytest.raises(ValueError, match="message"):
        decode(text)


ODD_LINES: list[tuple[dict[str, Any], Status]] = [
    ({"status": "Adjourned"}, Status.RUNNING),
    ({"status": 7}, Status.RUNNING),
    ({"status": None}, Status.RUNNING),
    ({"askedAt": "yesterday"}, Status.NOT_STARTED),
    ({"askedAt": None, "reason": None, "drain": None}, Status.NOT_STARTED),
    ({"drain": "zzz"}, Status.NOT_STARTED),
    ({"reason": 7}, Status.NOT_STARTED),
]


@pytest.mark.parametrize(("odd", "status"), ODD_LINES)
async def test_a_drain_is_a_line_of_the_list_whatever_is_wrong_with_its_row(
    odd: dict[str, Any], status: Status
) -> None:
    index = MemoryTable()
    store = TableStore(MemoryTable(), index)
    await store.create(drain(), ())
    lost = TableStore(MemoryTable(), index)  # its record is gone: the row is all there is
    [row] = index.peek("drains", "", "~")
    index.put("drains", Op("upsert", row.key, {**row.values, **odd}))
    [line] = (await lost.drains(None, None, 9, None)).items
    assert (line.id, line.pool, line.progress.status) == (ID, POOL, status)
    assert line.progress.trouble
    [line] = (await store.drains(None, None, 9, None)).items
    assert line.id == ID


@pytest.mark.parametrize("reach", [Reach(), Reach((POOL.name,))])
@pytest.mark.parametrize(
    ("key", "odd"),
    [("zzz", {}), (f"0|{ID}", {"hostPool": None}), (f"0|{ID}", {"hostPool": 7}), ("0|zzz", {})],
)
async def test_a_row_that_names_no_drain_of_a_pool_hides_none_of_the_list(
    key: str, odd: dict[str, Any], reach: Reach
) -> None:
    index = MemoryTable()
    store = TableStore(MemoryTable(), index)
    await store.create(drain(), ())
    [row] = index.peek("drains", "", "~")
    index.put("drains", Op("insert", key, {**row.values, **odd}))
    found = (await store.drains(None, None, 9, None, reach)).items
    assert [line.id for line in found] == [ID]


async def test_a_claim_that_names_anything_keeps_no_pool_from_being_settled() -> None:
    pools, index = MemoryTable(), MemoryTable()
    store = TableStore(pools, index)
    lease = await store.acquire(POOL.key, "me", NOON, timedelta(minutes=1))
    index.put("out", Op("insert", ID, {"hostPool": POOL.resource_id, "settled": False}))
    await store.settle_out(lease, {"?", "zzz"}, ())
    assert not index.peek("out", "", "~")


def signal(id_: str = "1", **more: Any) -> Signal:
    key = EventKey("Microsoft.X", id_, "/s")
    return Signal(key, Says.OVER, NOON, NOON, "because", about="m", **more)


@pytest.mark.parametrize("key", ["", "zzz", "0|x", "20261399T000000.0|x"])
async def test_a_postponed_row_of_another_hand_keeps_no_signal_from_its_time(key: str) -> None:
    index = MemoryTable()
    inbox = TableInbox(index)
    await inbox.postpone(signal(not_before=LATER))
    index.put("later", Op("insert", key, {}))
    assert await inbox.next_at() == LATER
    assert await inbox.come(LATER + timedelta(1), 9) == (signal(not_before=LATER),)


async def test_a_tie_that_leads_nowhere_keeps_no_matter_from_being_recalled() -> None:
    index = MemoryTable()
    inbox = TableInbox(index)
    await inbox.postpone(signal(not_before=LATER))
    [tie] = index.peek("tied", "", "~")
    index.put("tied", Op("insert", tie.key[:33] + "0", {}))
    assert await inbox.recall("m")


@pytest.mark.parametrize("key", ["", "zzz", "zzz|x", "-5|x", "9" * 40 + "|x"])
async def test_a_row_of_another_hand_is_shown_among_events_and_keeps_none_from_being_removed(
    key: str,
) -> None:
    index = MemoryTable()
    inbox, store = TableInbox(index), TableStore(MemoryTable(), index)
    event = EventRecord(EventKey("Microsoft.X", "1", "/s"), NOON, EventOutcome.IGNORED, "x")
    await inbox.first(event)
    index.put("heard", Op("insert", key, {}))
    assert event in (await inbox.events(9, None)).items
    assert await store.remove_old("events", LATER, 9)
    assert event not in (await inbox.events(9, None)).items


async def test_what_a_newer_version_keeps_of_events_is_not_removed() -> None:
    index = MemoryTable()
    inbox, store = TableInbox(index), TableStore(MemoryTable(), index)
    await inbox.first(EventRecord(EventKey("X", "1", "/s"), NOON, EventOutcome.IGNORED, "x"))
    for partition in ("events", "heard"):
        [row] = index.peek(partition, "", "~")
        newer = {**row.values, "schema": records.SCHEMA + 1, "outcome": "adjourned"}
        index.put(partition, Op("upsert", row.key, newer))
    assert await store.remove_old("events", LATER, 9) == 0
    assert len(index.everything()) == 2


async def test_hosts_left_in_need_with_a_time_without_its_zone_fail_no_timer() -> None:
    index = MemoryTable()
    store = TableStore(MemoryTable(), index)
    values = {"dueAt": LATER, "until": LATER.replace(tzinfo=None), "count": 1, "hosts": "[]"}
    index.put("active", Op("insert", f"left|{ID}", values))
    assert await store.active(NOON, 9) == ((), ())
    assert await store.forget_left(NOON, 9) == 1


@pytest.mark.parametrize("took", [float("inf"), float("nan"), 1e300, "long", True])
async def test_when_a_host_was_maintained_is_known_however_odd_is_how_long_it_took(
    took: Any,
) -> None:
    pools = MemoryTable()
    pools.put(POOL.key, Op("insert", "maintained|a", {"at": NOON, "took": took}))
    pools.put(POOL.key, Op("insert", "maintained|b", {"at": NOON.replace(tzinfo=None)}))
    pools.put(POOL.key, Op("insert", "attempt|b|x", {"at": NOON.replace(tzinfo=None)}))
    store = TableStore(pools, MemoryTable())
    assert {host: each.at for host, each in (await store.maintained(POOL.key)).items()} == {
        "a": NOON
    }
    assert await store.attempts(POOL.key) == {}
