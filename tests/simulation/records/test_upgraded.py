"""An upgrade in the middle of a drain: the tables are those that the version before left, as it wrote them.

``schema3.json`` was dumped from a simulated night of the last version of schema 3: a drain of six hosts, two done, three
draining, one of them with its user told, one queued; a subscription, a schedule with a run, an event that waits.
"""

import json
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from local.sim.estate.people import Manner, Person
from shared.adapters.storage.tables.table import Op
from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.engine.world.records import every
from shared.wire.views.history import entry_resource
from tests.support.night.night import Night

LEFT: dict[str, Any] = json.loads(
    Path(__file__).with_name("schema3.json").read_text(encoding="utf-8")
)
DRAIN: str = LEFT["drain"]


async def upgraded() -> Night:
    """The estate as it was then, and a process of this version on the tables of the one before."""
    night = Night(hosts=6)
    night.pool.exclusion_tag = "ExcludeFromScaling"
    for number in range(6):
        person = Person(f"user{number}@contoso.example", manner=Manner.STUBBORN)
        night.world.sign_in(night.pool, night.host(f"host-{number}"), person)
    for name, was in LEFT["world"].items():
        host = night.host(name)
        host.allow_new_session, host.vm.tags = was["allow"], dict(was["tags"])
        for session in [each for id_, each in host.sessions.items() if id_ not in was["sessions"]]:
            night.world.end(host, session, "signed out")
        assert set(host.sessions) == set(was["sessions"])
    for table, rows in zip(night.tables, LEFT["tables"], strict=True):
        for partition, key, values in rows:
            table.put(
                partition,
                Op("insert", key, {name: _value(value) for name, value in values.items()}),
            )
    night.jump(datetime.fromisoformat(LEFT["at"]))
    night.start_process()
    for record in (await night.drain(DRAIN)).hosts:  # each estate has ids of its own
        night.host(record.name).object_id = record.object_id or ""
    return night


def _value(told: Any) -> Any:
    return datetime.fromisoformat(told["$at"]) if isinstance(told, dict) else told


async def test_a_drain_goes_on_where_the_version_before_left_it() -> None:
    night = await upgraded()
    before = {host.key.split(".")[0]: host.phase for host in (await night.drain(DRAIN)).hosts}
    assert [before[f"host-{n}"] for n in range(6)] == [
        Phase.DONE, Phase.DONE, Phase.DRAINING, Phase.DRAINING, Phase.QUEUED, Phase.DRAINING,
    ]  # fmt: skip
    then = night.clock.at + timedelta(minutes=10)
    await night.until(lambda: night.clock.at > then)
    messages = [line["session"] for line in night.happened("message")]
    assert set(messages) == {"3", "4"}  # host-5's user was told before
    assert len(messages) == 2
    for host in night.pool.hosts.values():
        for session in list(host.sessions.values()):
            night.world.end(host, session, "signed out")
    drain = await night.until_over(DRAIN)
    assert drain.progress.status is Status.SUCCEEDED
    opened = {host.name.split(".")[0]: host.allow_new_session for host in night.pool.hosts.values()}
    assert opened == {f"host-{n}": n != 5 for n in range(6)}  # a person had drained that one
    assert all(host.vm.tags == {} for host in night.pool.hosts.values())
    restarted = [line["host"].split(".")[0] for line in night.happened("restart")]
    assert sorted(restarted) == [f"host-{n}" for n in range(2, 6)]


async def test_all_that_the_version_before_wrote_is_read(caplog: pytest.LogCaptureFixture) -> None:
    night = await upgraded()
    outside = night.process.outside
    with caplog.at_level(logging.WARNING):
        page = await outside.store.history(DRAIN, 500, None)
        assert len(page.items) == 33
        assert all(entry_resource(entry)["what"] for entry in page.items)
        [drain] = (await outside.store.drains(None, None, 9, None)).items
        assert (drain.id, drain.progress.trouble) == (DRAIN, "")
        assert len(await outside.store.claims(night.pool_id.key)) == 4
        assert len(await outside.store.maintained(night.pool_id.key)) == 2
        [schedule] = await every(outside.schedules)
        [run] = await every(outside.runs)
        assert (schedule.name, run.schedule, run.report) == (
            "nightly",
            "nightly",
            {"schedule": "nightly"},
        )
        [event] = (await outside.inbox.events(9, None)).items
        assert event.text == "waits"
        [waiting] = (await night.drain(DRAIN)).subscriptions
        assert waiting.url == "https://hooks.example/x"
    assert caplog.records == []
