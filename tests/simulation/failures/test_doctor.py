"""The doctor on a simulated estate."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.core.access.roles import Reach
from shared.core.notifications.rules import Notifications, Receiver, ReceiverKind
from shared.core.start.doctor.findings import Severity
from shared.core.start.doctor.installation import Installation
from shared.engine.doctor import reading
from shared.engine.doctor.examine import Examination, examine
from shared.engine.world.outside import Outside
from shared.errors import DeniedError, NotFoundError, PassingError, RejectedError, StorageError
from shared.triggers import beats
from tests.support.night.night import Night


def installed(night: Night, *scopes: str) -> Outside:
    outside = night.process.outside
    of = Installation(scopes=scopes or (night.pool.id,), timers={"TICK_SCHEDULE": "0 * * * * *"})
    return replace(outside, options=replace(outside.options, installation=of))


def bad(found: Examination) -> set[tuple[str, Severity]]:
    return {(f.code, f.severity) for f in found.findings if f.severity is not Severity.OK}


ALWAYS_THERE = {("CallersByKey", Severity.WARNING), ("TimerNeverRan", Severity.UNKNOWN)}


async def test_a_new_installation_has_keys_and_timers_that_have_not_run() -> None:
    night = Night()
    assert bad(await examine(installed(night), None)) == ALWAYS_THERE


async def test_nothing_is_changed_by_looking() -> None:
    night = Night()
    before = [table._rows for table in night.tables]
    world = len(night.world.log)
    await examine(installed(night), None)
    assert [table._rows for table in night.tables] == before
    assert (len(night.world.log), night.queue) == (world, [])


@pytest.mark.parametrize(
    ("call", "error", "finding"),
    [
        ("pool", DeniedError("hostpools/read"), ("RightMissing", Severity.ERROR)),
        ("pool", NotFoundError("no such pool"), ("NotThere", Severity.ERROR)),
        ("hosts", PassingError("busy"), ("NotRead", Severity.UNKNOWN)),
        ("hosts", ValueError("odd"), ("NotRead", Severity.UNKNOWN)),
        ("plans", RejectedError("api-version"), ("RequestRefused", Severity.ERROR)),
        ("host_update", RejectedError("api-version"), ("RequestRefused", Severity.ERROR)),
        ("permissions", DeniedError("permissions/read"), ("RightMissing", Severity.ERROR)),
        ("machine", DeniedError("instanceView/read"), ("RightMissing", Severity.ERROR)),
    ],
)
async def test_a_reading_that_fails_spoils_only_itself(
    call: str, error: Exception, finding: tuple[str, Severity]
) -> None:
    night = Night()
    night.refuse(call, error)
    assert bad(await examine(installed(night), None)) == ALWAYS_THERE | {finding}


async def test_a_reading_that_never_ends_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    night = Night()
    outside = installed(night)

    class Silent:
        def __getattr__(self, name: str) -> Any:
            async def never(*words: Any) -> None:
                await asyncio.Event().wait()

            return never

    silent: Any = Silent()
    monkeypatch.setattr(reading.read, "__defaults__", (0.0,))
    found = await examine(replace(outside, plane=silent), None)
    texts = [f.text for f in found.findings if f.severity is Severity.UNKNOWN]
    assert sum("no answer within" in text for text in texts) >= 3


async def test_storage_that_fails_is_a_finding_and_no_error() -> None:
    night = Night()
    for call in ("get", "scan", "transact"):
        night.refuse(call, StorageError("gone"))
    found = bad(await examine(installed(night), None))
    assert ("NotRead", Severity.UNKNOWN) in found


async def test_only_some_pools_are_looked_at_and_the_others_are_counted() -> None:
    night = Night()
    others = [night.pool.id.replace("hp-one", f"hp-{n}") for n in range(5)]
    outside = installed(night, *others, night.pool.id)
    found = await examine(outside, None, 2)
    assert (len(found.pools), found.left) == (2, 4)
    [one] = (await examine(outside, night.pool_id)).pools
    assert one == night.pool_id


async def test_a_caller_for_some_pools_sees_nothing_of_others() -> None:
    night = Night()
    group = night.pool.id.split("/providers")[0]
    outside = installed(night, night.pool.id, group.replace("rg", "other"))
    night.refuse("pools", DeniedError("hostpools/read"))
    found = await examine(outside, None, 5, Reach(("hp-other",)))
    assert (found.pools, found.left) == ((), 0)
    assert not any("/subscriptions/" in finding.about for finding in found.findings)


async def test_who_is_limited_is_told_nothing_of_events_and_receivers() -> None:
    night = Night()
    outside = installed(night)
    receiver = Receiver("desk", ReceiverKind.HTTPS, "NOTIFY_DESK")
    told = replace(outside.options, notifications=Notifications((receiver,)))
    outside = replace(outside, options=told)
    codes: dict[bool, set[str]] = {}
    for reach in (Reach(), Reach(("hp-one",))):
        found = await examine(outside, None, 5, reach)
        codes[reach.whole] = {finding.code for finding in found.findings}
        assert any("desk" in finding.about for finding in found.findings) is reach.whole
    assert codes[True] - codes[False] >= {"NoEvents"}
    assert "TableUsable" in codes[False]


async def test_a_scope_that_cannot_be_listed_is_a_finding() -> None:
    night = Night()
    night.refuse("pools", DeniedError("hostpools/read"))
    group = night.pool.id.split("/providers")[0]
    assert ("RightMissing", Severity.ERROR) in bad(await examine(installed(night, group), None))


async def test_that_a_timer_ran_is_noted_once_an_hour_and_read_by_the_doctor() -> None:
    night = Night()
    outside = installed(night)
    noted: dict[str, Any] = {}
    await beats.note(outside, "TICK_SCHEDULE", noted)
    first = noted["TICK_SCHEDULE"]
    night.clock.at += timedelta(minutes=59)
    await beats.note(outside, "TICK_SCHEDULE", noted)
    assert noted["TICK_SCHEDULE"] == first
    assert bad(await examine(outside, None)) == {("CallersByKey", Severity.WARNING)}
    night.clock.at += timedelta(hours=3)
    assert ("TimerSilent", Severity.WARNING) in bad(await examine(outside, None))
    await beats.note(outside, "TICK_SCHEDULE", noted)
    assert bad(await examine(outside, None)) == {("CallersByKey", Severity.WARNING)}


async def test_a_timer_whose_run_cannot_be_noted_runs_all_the_same() -> None:
    night = Night()
    night.refuse("transact", StorageError("gone"))
    noted: dict[str, Any] = {}
    await beats.note(night.process.outside, "TICK_SCHEDULE", noted)
    assert noted == {}
