"""Who is told: each at least once, whatever happens to the app or to the receiver, and no drain waits for it."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.adapters.storage.tables.table import Op
from shared.core.access.roles import Reach
from shared.core.drain.happenings import Kind, Level
from shared.core.drain.model import Drain
from shared.core.drain.retry import GIVEN_UP_AFTER
from shared.core.host.status import ENDED
from shared.core.maintenance.none import NoMaintenance
from shared.core.maintenance.restart import Restart
from shared.core.notifications.lane import Lane
from shared.core.notifications.rules import (
    NotificationRule,
    Notifications,
    Quiet,
    Receiver,
    ReceiverKind,
)
from shared.core.policy.policy import Policy
from shared.core.schedules.schedules import Schedule, What
from shared.core.values.window import Window
from shared.engine.notifications.trying import try_receiver
from shared.engine.schedules import scheduling
from shared.engine.timers.watchdog import watch
from shared.errors import (
    AnswerLostError,
    DeniedError,
    NotFoundError,
    OutsideError,
    PassingError,
    RequestRefusedError,
)
from shared.ports import TellReceiver
from tests.support.night.night import Killer, Night

QUICK = Policy(maintenance=NoMaintenance())
FAILING = Policy(maintenance=Restart(), healthy_within=timedelta(minutes=10))
DESK = Receiver("desk", ReceiverKind.TEAMS, "NOTIFY_DESK")
ALL = Notifications((DESK,), (NotificationRule("all", ("desk",)),))


def telling(hosts: int = 2, notifications: Notifications = ALL) -> Night:
    night = Night(hosts)
    night.notifications = notifications
    night.start_process()
    return night


def told(night: Night, receiver: str = "desk") -> list[dict[str, Any]]:
    return [each for each in night.happened("notified") if each["receiver"] == receiver]


def kinds(night: Night, receiver: str = "desk") -> list[str]:
    return [each["kind"] for each in told(night, receiver)]


async def until_told(night: Night, kind: Kind = Kind.DRAIN_ENDED, steps: int = 12_000) -> None:
    await night.until(lambda: kind in kinds(night), steps=steps)


async def until_over(night: Night, id_: str) -> Drain:
    """Whatever is still to be told."""
    for _ in range(5000):
        drain = await night.drain(id_)
        if drain.progress.status in ENDED:
            return drain
        await night.pass_time()
    raise AssertionError("it never ended")


async def ticking(night: Night, lasts: timedelta) -> None:
    """Let it pass, with the timer of the schedules."""
    end = night.clock.at + lasts
    while night.clock.at < end:
        await scheduling.run_schedules(night.process.outside)
        await night.pass_time()


async def lane(night: Night, name: str = "desk") -> Lane:
    found = await night.process.outside.lanes.get(name)
    assert found is not None
    return found[0]


def limited(**fields: Any) -> Notifications:
    return replace(ALL, rules=(NotificationRule("some", ("desk",), **fields),))


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


async def test_nothing_is_lost_while_the_receiver_is_away() -> None:
    night = telling()
    refusal = night.refuse("notify", PassingError("it answered 503"))
    drain = await night.start(QUICK)
    over = await until_over(night, drain.id)
    assert over.progress.ended_at is not None
    assert over.progress.ended_at - night.world.began < timedelta(minutes=30)  # nobody waited
    stands = await lane(night)
    assert [each.happening.kind for each in stands.waiting] == [
        Kind.DRAIN_STARTED,
        Kind.DRAIN_ENDED,
    ]
    assert "503" in stands.last_result
    night.refusals.remove(refusal)
    await until_told(night)
    assert sorted(kinds(night)) == ["drainEnded", "drainStarted"]
    assert (await lane(night)).failing_since is None


@pytest.mark.parametrize(
    "error", [DeniedError("401"), NotFoundError("410"), AnswerLostError("500")]
)
async def test_a_receiver_that_refuses_everything_may_be_mended(error: OutsideError) -> None:
    night = telling(1)
    refusal = night.refuse("notify", error)
    drain = await night.start(QUICK)
    await until_over(night, drain.id)
    end = night.clock.at + timedelta(days=1)
    await night.until(lambda: night.clock.at > end)
    night.refusals.remove(refusal)
    await until_told(night)
    assert sorted(kinds(night)) == ["drainEnded", "drainStarted"]


async def test_what_is_not_taken_for_days_is_given_up_and_said() -> None:
    night = telling(1)
    night.refuse("notify", NotFoundError("it answered 410"))
    drain = await night.start(QUICK)
    await until_over(night, drain.id)
    end = night.clock.at + GIVEN_UP_AFTER + timedelta(hours=2)
    await night.until(lambda: night.clock.at > end, steps=20_000)
    stands = await lane(night)
    assert stands.waiting == ()
    assert [each.happening.kind for each in stands.given_up] == [
        Kind.DRAIN_STARTED,
        Kind.DRAIN_ENDED,
    ]
    assert all("3 days" in each.why for each in stands.given_up)
    await night.until(lambda: night.tables[1].peek("active", "", "~") == [])


async def test_what_the_receiver_alone_refuses_is_given_up_and_holds_up_nothing_else() -> None:
    night = telling(1)
    night.faults = [("notify", DeniedError("it answered 400"))]
    await night.start(QUICK)
    await until_told(night, Kind.DRAIN_STARTED)
    await until_told(night)
    night.faults = [("notify", DeniedError("it answered 400"))] * 2
    await night.start(QUICK, unique="b")
    await night.until(lambda: kinds(night).count("drainEnded") == 2)
    await night.until(lambda: not night.queue)
    stands = await lane(night)
    assert stands.waiting == ()
    assert kinds(night).count("drainStarted") + stands.given_up_count == 2


async def test_a_receiver_that_is_away_delays_itself_alone() -> None:
    both = Notifications(
        (DESK, replace(DESK, name="other")), (NotificationRule("all", ("desk", "other")),)
    )
    night = telling(1, both)
    night.refuse("notify", PassingError("away"), "other")
    await night.start(QUICK)
    await until_told(night)
    assert kinds(night) == ["drainStarted", "drainEnded"]
    assert kinds(night, "other") == []
    assert len((await lane(night, "other")).waiting) == 2


async def test_much_that_waits_for_a_receiver_that_is_away_is_one_message_in_the_queue() -> None:
    night = telling(1)
    night.refuse("notify", PassingError("away"))
    for unique in "abcdef":
        drain = await night.start(QUICK, unique=unique)
        await until_over(night, drain.id)
    end = night.clock.at + timedelta(hours=6)
    await night.until(lambda: night.clock.at > end)
    assert len((await lane(night)).waiting) == 12
    assert [each.work for each in night.queue] == [TellReceiver("desk")]


async def test_if_the_queue_loses_its_message_the_timer_sends_for_the_receiver() -> None:
    night = telling(1)
    refusal = night.refuse("notify", PassingError("away"))
    drain = await night.start(QUICK)
    await until_over(night, drain.id)
    night.refusals.remove(refusal)
    night.queue.clear()
    await until_told(night)


async def test_a_test_that_is_taken_sends_what_waits() -> None:
    night = telling(1)
    refusal = night.refuse("notify", DeniedError("it answered 401"))
    drain = await night.start(QUICK)
    await until_over(night, drain.id)
    outside = night.process.outside
    tried = await try_receiver(outside, "desk", "anna")
    assert (tried.taken, "401" in tried.text) == (False, True)
    night.refusals.remove(refusal)
    night.queue.clear()
    night.clock.at += timedelta(days=1)
    tried = await try_receiver(outside, "desk", "anna")
    assert (tried.taken, tried.text) == (True, "taken")
    [message] = night.queue  # at once, and not after the pause
    assert message.work == TellReceiver("desk")
    assert message.visible_at <= night.clock.at
    await until_told(night)
    with pytest.raises(RequestRefusedError, match="no receiver 'nobody'"):
        await try_receiver(outside, "nobody", "anna")


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


async def test_a_message_whose_answer_was_lost_comes_again_with_the_same_id_and_content() -> None:
    night = telling(1)
    night.faults = [("notify", AnswerLostError("?"))]
    await night.start(QUICK)
    await until_told(night)
    first, again = told(night)[:2]
    assert (first["id"], first["items"]) == (again["id"], again["items"])


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


async def test_a_receiver_that_the_setting_does_not_name_any_more_is_forgotten() -> None:
    night = telling(1)
    night.refuse("notify", PassingError("away"))
    drain = await night.start(QUICK)
    await until_over(night, drain.id)
    night.notifications = Notifications()
    night.start_process()
    night.deliver(TellReceiver("desk"), timedelta(0))
    await night.until(lambda: night.tables[1].peek("active", "", "~") == [])
    assert await night.process.outside.lanes.get("desk") is None


async def test_a_lane_that_this_version_cannot_read_holds_up_no_drain() -> None:
    night = telling(1)
    drain = await night.start(QUICK)
    await until_told(night)
    [row] = night.tables[1].peek("lanes", "desk", "~")
    night.tables[1].put("lanes", Op("upsert", "desk", {**row.values, "schema": 99}))
    drain = await night.start(QUICK, unique="b")
    over = await until_over(night, drain.id)
    assert over.untold  # they stay
    night.tables[1].put("lanes", Op("upsert", "desk", row.values))
    await night.until(lambda: kinds(night).count("drainEnded") == 2)
    assert (await night.drain(drain.id)).untold == ()


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
