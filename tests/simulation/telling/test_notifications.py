"""Who is told: each at least once, whatever happens to the app, and no drain waits for it."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.adapters.storage.tables.table import Op
from shared.core.access.roles import Reach
from shared.core.drain.happenings import Kind, Level
from shared.core.maintenance.restart import Restart
from shared.core.notifications.rules import (
    Notifications,
    Quiet,
)
from shared.core.schedules.schedules import Schedule, What
from shared.core.values.window import Window
from shared.engine.timers.watchdog import watch
from tests.support.night.night import Killer, Night
from tests.support.night.receivers import (
    ALL,
    DESK,
    FAILING,
    QUICK,
    kinds,
    limited,
    telling,
    ticking,
    told,
    until_over,
    until_told,
)


async def test_a_drain_is_told_of_at_its_start_and_at_its_end() -> None:
    night = telling()
    drain = await night.start(QUICK)
    await until_told(night)
    assert kinds(night) == ["drainStarted", "drainEnded"]
    assert all(item["drain"] == drain.id for each in told(night) for item in each["items"])
    await night.until(lambda: not night.queue)
    assert night.tables[1].peek("active", "", "~") == []  # an idle tick finds nothing
    assert (await night.drain(drain.id)).untold == ()


async def test_hosts_that_need_a_person_come_in_one_message_if_they_come_together() -> None:
    night = telling(3)
    for number in range(3):
        night.host(f"host-{number}").quirks.never_comes_back = True
    policy = replace(
        FAILING, max_unavailable=replace(FAILING.max_unavailable, value=100, percent=True)
    )
    await night.start(policy)
    await until_told(night)
    messages = [each for each in told(night) if each["kind"] == "hostAttention"]
    assert sum(len(each["items"]) for each in messages) == 3
    assert len(messages) <= 2


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (limited(kinds=frozenset({Kind.DRAIN_ENDED})), ["drainEnded"]),
        (limited(at_least=Level.ERROR), []),
        (limited(pools=Reach(("hp-o*",))), ["drainStarted", "drainEnded"]),
        (limited(pools=Reach(("hp-other",))), []),
        (limited(asked_by=("an*",)), ["drainStarted", "drainEnded"]),
        (limited(asked_by=("schedule *",)), []),
    ],
)
async def test_the_rules_say_who_is_told_of_what(rules: Notifications, expected: list[str]) -> None:
    night = telling(1, rules)
    drain = await night.start(QUICK)
    await night.until_over(drain.id)
    await night.until(lambda: not night.queue)
    assert kinds(night) == expected


async def test_where_no_rule_fits_nothing_is_written_for_it() -> None:
    def calls(notifications: Notifications) -> tuple[Night, Killer]:
        night = Night(2)
        night.notifications = notifications
        night.start_process(killer := Killer())
        return night, killer

    counted = []
    for notifications in (Notifications(), limited(at_least=Level.ERROR)):
        night, killer = calls(notifications)
        drain = await night.start(QUICK)
        await night.until_over(drain.id)
        counted.append(killer.calls)
        assert await night.process.outside.lanes.get("desk") is None
    assert counted[0] == counted[1]


async def test_a_report_is_told_of_and_so_is_a_run_that_could_not_begin() -> None:
    night = telling(1)
    body = {"hostPool": night.pool.id, "selection": {"all": True}, "reason": "patches",
            "policy": {"maintenance": {"kind": "none"}}}  # fmt: skip
    for name, request in (
        ("nightly", body),
        ("broken", {**body, "hostPool": f"{night.pool.id}-gone"}),
    ):
        schedule = Schedule(name, "30 22 * * *", "UTC", What.DRAIN, json.dumps(request))
        await night.process.outside.schedules.insert(name, schedule)
    await ticking(night, timedelta(hours=3))
    reports = [each for each in told(night) if each["kind"] == "scheduleReport"]
    assert {item["id"].split("/")[0] for each in reports for item in each["items"]} == {
        "nightly",
        "broken",
    }
    assert sum(len(each["items"]) for each in reports) == 2
    runs = [run for name in ("nightly", "broken")
            for run in (await night.process.outside.runs.list(f"{name}|", 9, None)).items]  # fmt: skip
    assert [run.untold for run in runs] == [False, False]


async def everything_is_told(night: Night, *expected: Kind) -> None:
    """Each at least once, and the app comes to rest."""
    await until_told(night)
    await night.until(lambda: not night.queue)
    assert set(kinds(night)) == set(expected)
    things = {item["id"] for each in told(night) for item in each["items"] if not item["host"]}
    assert len(things) == 2  # a host's need is noticed again where that was not saved whole


async def test_wherever_the_app_is_killed_everything_is_told() -> None:
    calm = telling(1)
    calm.start_process(killer := Killer())
    await calm.start(QUICK)
    await until_told(calm)
    for at_call in range(20, killer.calls + 1):
        for after_effect in (False, True):
            night = telling(1)
            await night.start(QUICK)
            night.start_process(Killer(at_call, after_effect))
            await everything_is_told(night, Kind.DRAIN_STARTED, Kind.DRAIN_ENDED)


async def test_wherever_the_app_is_killed_a_host_that_needs_a_person_is_told_of() -> None:
    async def begin(until: datetime | None = None) -> Night:
        night = telling(1)
        night.host("host-0").quirks.never_comes_back = True
        await night.start(FAILING)
        if until is not None:
            await night.until(lambda: night.clock.at >= until)
        return night

    calm = await begin()
    await until_told(calm)
    first = next(each for each in told(calm) if each["kind"] == "hostAttention")
    at = datetime.fromisoformat(first["at"]) - DESK.settle - timedelta(minutes=1)
    for at_call in range(1, 60):
        for after_effect in (False, True):
            night = await begin(at)
            night.start_process(Killer(at_call, after_effect))
            await everything_is_told(
                night, Kind.DRAIN_STARTED, Kind.HOST_ATTENTION, Kind.DRAIN_ENDED
            )


async def test_quiet_hours_hold_all_but_what_breaks_through() -> None:
    quiet = Quiet(Window(starts="20:00", ends="19:00", time_zone="UTC"))  # evening is 22:00
    night = telling(1, replace(ALL, receivers=(replace(DESK, quiet=quiet),)))
    night.host("host-0").quirks.never_comes_back = True
    drain = await night.start(FAILING)
    await night.until(lambda: "hostAttention" in kinds(night))
    await until_over(night, drain.id)
    assert set(kinds(night)) == {"hostAttention"}
    await until_told(night)
    ended = next(each for each in told(night) if each["kind"] == "drainEnded")
    assert ended["at"] >= "2026-11-24T19:00"


async def test_a_host_that_the_watchdog_puts_back_is_told_of() -> None:
    night = telling(1)
    drain = await night.start(replace(QUICK, maintenance=Restart()))
    await night.until(lambda: not night.host("host-0").allow_new_session)
    for row in night.tables[0].peek(night.pool_id.key, f"drain|{drain.id}|", "~"):
        night.tables[0].put(night.pool_id.key, Op("delete", row.key))
    night.queue.clear()
    night.clock.at += timedelta(hours=2)
    for _ in range(3):
        await watch(night.process.outside)
        night.clock.at += timedelta(minutes=5)
    await night.until(lambda: "hostAttention" in kinds(night))
    assert night.host("host-0").allow_new_session
