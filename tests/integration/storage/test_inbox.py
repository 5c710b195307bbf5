"""What is kept of events: in memory, and on the storage emulator, the same."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from azure.data.tables.aio import TableServiceClient

from shared.adapters.storage.inbox import TableInbox
from shared.adapters.storage.store import TableStore
from shared.adapters.storage.tables.azuretable import AzureTable
from shared.adapters.storage.tables.table import Table
from shared.core.events.asking import Ask
from shared.core.events.records import EventKey, EventOutcome, EventRecord
from shared.core.events.signals import RunTold, Says, Signal, Source
from shared.ports import SeeToEvents
from tests.support.builders import NOON, minutes
from tests.support.memory_table import MemoryTable


@pytest_asyncio.fixture(params=["memory", "azurite"], loop_scope="session")
async def table(request: Any, storage: str) -> AsyncIterator[Table]:
    if request.param == "memory":
        yield MemoryTable()
        return
    async with TableServiceClient.from_connection_string(storage) as service:
        yield AzureTable(service, f"i{uuid.uuid4().hex}")


def a_signal(id_: str = "1", at: float = 0) -> Signal:
    run = RunTold("run", ("s",), NOON, NOON + minutes(60), NOON)
    return Signal(
        EventKey("T", id_, "s"), Says.DRAIN, NOON + minutes(at), NOON, "why", Source.ALERT,
        machines=("vm",), about="it", run=run, by=NOON, facts={"severity": "Sev1"},
    )  # fmt: skip


async def test_a_notice_is_read_as_it_was_put_and_waits_until_it_is_settled(table: Table) -> None:
    inbox = TableInbox(table)
    await inbox.put(a_signal("2", at=1))
    await inbox.put(a_signal("1"))
    await inbox.put(a_signal("1"))
    assert await inbox.waiting(10) == (a_signal("1"), a_signal("2", at=1))
    await inbox.settled(a_signal("1"))
    await inbox.settled(a_signal("1"))
    assert await inbox.waiting(10) == (a_signal("2", at=1),)


async def test_what_came_of_an_event_replaces_that_it_waits(table: Table) -> None:
    inbox = TableInbox(table)
    heard = EventRecord(EventKey("T", "1", "s"), NOON, EventOutcome.WAITING, "why")
    assert await inbox.first(heard) == heard
    assert await inbox.first(replace(heard, at=NOON + minutes(1))) == heard
    done = replace(heard, outcome=EventOutcome.ACTED, drain="hp-1")
    await inbox.note_event(done)
    assert await inbox.event(EventKey("t", "1", "S")) == done
    assert (await inbox.events(10, None)).items == (done,)


async def test_matters_are_over_and_have_causes_in_any_letter_case(table: Table) -> None:
    inbox = TableInbox(table)
    assert await inbox.over("run A") is None
    await inbox.note_over("run A", NOON)
    assert await inbox.over("RUN a") == NOON
    for drain in ("hp-1", "hp-2", "hp-1"):
        await inbox.note_cause("run A", drain)
    assert await inbox.causes("run a") == ("hp-1", "hp-2")
    assert await inbox.causes("run b") == ()


async def test_what_is_postponed_comes_at_its_time_or_when_its_matter_is_over(table: Table) -> None:
    inbox = TableInbox(table)
    first = replace(a_signal("1"), not_before=NOON + minutes(60))
    second = replace(a_signal("2"), not_before=NOON + minutes(90), about="other")
    assert await inbox.next_at() is None
    for signal in (second, first):
        await inbox.put(replace(signal, not_before=None))
        await inbox.postpone(signal)
        await inbox.lies_elsewhere(signal)
    assert await inbox.waiting(10) == ()
    assert await inbox.next_at() == NOON + minutes(60)
    assert await inbox.come(NOON + minutes(59), 10) == ()
    assert await inbox.come(NOON + minutes(61), 10) == (first,)
    assert await inbox.come(NOON + minutes(91), 1) == (first,)
    assert not await inbox.recall("nothing")
    assert await inbox.recall("OTHER")
    assert await inbox.waiting(10) == (second,)
    for signal in (first, second, second):
        await inbox.settled(signal)
    assert (await inbox.next_at(), await inbox.waiting(10)) == (None, ())
    assert not await inbox.recall("other")


async def test_what_asks_for_hosts_of_a_drain_is_kept_once(table: Table) -> None:
    inbox = TableInbox(table)
    asks = [Ask(f"h{number}", "alert A", NOON) for number in range(150)]
    for _ in range(2):
        await inbox.note_asks("hp-1", asks)
    await inbox.note_asks("hp-1", [])
    assert sorted(await inbox.asks("hp-1"), key=lambda ask: int(ask.host[1:])) == asks
    assert await inbox.asks("hp-2") == ()


async def test_the_timer_sends_for_what_waits(table: Table) -> None:
    inbox, store = TableInbox(table), TableStore(MemoryTable(), table)
    await inbox.due(NOON)
    assert await store.overdue(NOON, 10) == (SeeToEvents(),)
    assert await store.overdue(NOON - minutes(1), 10) == ()
    await inbox.due(None)
    await inbox.due(None)
    assert await store.overdue(NOON, 10) == ()


@pytest.mark.parametrize("most", [1, 2])
async def test_no_more_than_asked_for_are_seen_to_at_once(table: Table, most: int) -> None:
    inbox = TableInbox(table)
    for number in range(3):
        await inbox.put(a_signal(str(number)))
    assert len(await inbox.waiting(most)) == most
