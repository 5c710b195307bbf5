"""Events that come in bursts, twice, late, or for a host that another drain has: seen to together, and
once, wherever the app is killed."""

from datetime import timedelta

import pytest

from local.sim.estate.people import Manner, Person
from shared.adapters.storage.store import TableStore
from shared.core.drain.model import Drain
from shared.core.events.records import EventOutcome
from shared.core.events.signals import Source
from shared.core.host.orders import Order
from shared.core.host.status import Status
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.redeploy import Redeploy
from shared.core.maintenance.updaterun import UsersRemain
from shared.core.policy.policy import Amount, AtDeadline, Policy
from shared.engine.drains import orders
from shared.engine.events.findings import AGAIN
from shared.engine.events.handling import see_to
from shared.errors import ANY, DeniedError, PassingError
from tests.support.alarms import LOSS, Alarmed, patching, rule
from tests.support.night.night import Killer

HOUR = timedelta(hours=1)


async def test_a_burst_of_events_becomes_one_drain() -> None:
    night = Alarmed(500)
    for n in range(500):
        night.emit("annotation", host=f"host-{n}", name=LOSS)
    await night.deliver_all()
    await night.settled()
    drain = await night.only_drain()
    assert len(drain.hosts) == 500
    assert await night.process.outside.inbox.waiting(10) == ()


async def second_loss(night: Alarmed) -> None:
    """One machine is predicted to fail and is drained; five minutes later so is another."""
    night.emit("annotation", host="host-0", name=LOSS)
    await night.deliver_all()
    await night.settled()
    await night.live_on(timedelta(minutes=5))
    night.emit("annotation", host="host-1", name=LOSS)
    await night.deliver_all()


async def test_events_that_come_later_are_added_to_the_drain_that_runs() -> None:
    night = Alarmed(4)
    await second_loss(night)
    heard = await night.settled()
    drain = await night.only_drain()
    assert heard[-1].text == f"added to drain {drain.id}"
    await night.live_on(timedelta(minutes=5))
    assert len((await night.only_drain()).hosts) == 2


async def test_a_host_that_recovered_and_is_predicted_to_fail_again_is_drained_again() -> None:
    night = Alarmed(4)
    for host in ("host-0", "host-1"):
        night.emit("annotation", host=host, name=LOSS)
    await night.deliver_all()
    await night.settled()
    await night.live_on(timedelta(minutes=20))
    night.emit("availability", host="host-0")
    await night.deliver_all()
    await night.live_on(timedelta(minutes=30))
    assert night.host("host-0").allow_new_session
    night.emit("annotation", host="host-0", name=LOSS)
    await night.deliver_all()
    await night.live_on(timedelta(minutes=20))
    assert not night.host("host-0").allow_new_session
    assert [len(drain.hosts) for drain in await night.drains()] == [2, 1]


async def test_an_end_that_comes_before_a_step_has_taken_the_host_in_ends_it_all_the_same() -> None:
    night = Alarmed(4)
    await second_loss(night)
    while len((await night.only_drain()).control.additions) == 0:
        night.clock.at += timedelta(seconds=4)
        await see_to(night.process.outside)
    night.clock.at += timedelta(seconds=1)
    night.emit("availability", host="host-1")
    await night.deliver_all()
    night.clock.at += timedelta(seconds=4)
    await see_to(night.process.outside)
    await night.live_on(timedelta(hours=1))
    [first, second] = (await night.only_drain()).hosts
    assert (first.ended, second.ended) == (False, True)
    assert night.host("host-1").allow_new_session


async def test_a_repeated_event_acts_once_also_after_days() -> None:
    night = Alarmed(3)
    night.emit("annotation", host="host-0", name=LOSS)
    [told] = night.published
    for _ in range(3):
        await night.hear(told)
    await night.settled()
    drain = await night.only_drain()
    night.emit("availability", host="host-0")
    await night.deliver_all()
    await night.until_over(drain.id)
    night.clock.at += timedelta(days=3)
    assert (await night.hear(told)).outcome is EventOutcome.ACTED
    assert len(await night.drains()) == 1


async def test_an_event_that_is_too_old_is_dropped_with_a_note() -> None:
    night = Alarmed(3)
    night.emit("annotation", host="host-0", name=LOSS)
    night.clock.at += timedelta(days=2)
    await night.deliver_all()
    [heard] = await night.settled()
    assert (heard.outcome, heard.text[:8]) == (EventOutcome.IGNORED, "too old:")


async def test_an_event_for_a_machine_that_is_no_session_host_is_noted_and_dropped() -> None:
    night = Alarmed(3)
    night.emit("annotation", host="host-0", name=LOSS)
    [told] = night.published
    properties = told["data"]["resourceInfo"]["properties"]
    properties["targetResourceId"] = properties["targetResourceId"] + "-other"
    await night.hear(told)
    [heard] = await night.settled(HOUR)
    assert heard.outcome is EventOutcome.IGNORED
    assert "no session host" in heard.text


async def test_a_host_that_a_person_drains_already_is_left_to_that_drain() -> None:
    night = Alarmed(3)
    theirs = await night.start(Policy())
    night.emit("annotation", host="host-0", name=LOSS)
    night.emit("availability", host="host-0")
    await night.deliver_all()
    heard = await night.settled()
    assert {h.outcome for h in heard} == {EventOutcome.IGNORED}
    assert [drain.id for drain in await night.drains()] == [theirs.id]
    assert (await night.only_drain()).control.skips == {}


async def held_by_anna(night: Alarmed) -> Drain:
    theirs = await night.start(Policy(maintenance=Hold(hold_for=6 * HOUR)), hosts=("host-0",))
    await night.until(lambda: len(night.happened("drain mode on")) == 1)
    return theirs


async def released(night: Alarmed, drain: Drain) -> None:
    order = Order("anna", night.clock.at, "done")
    await orders.release(night.process.outside, drain.id, ANY, None, order)


async def test_a_host_that_is_out_for_something_else_is_asked_for_again_after_that() -> None:
    night = Alarmed(3)
    theirs = await held_by_anna(night)
    night.emit("annotation", host="host-0", name=LOSS)
    await night.deliver_all()
    await night.live_on(HOUR / 6)
    [heard] = await night.all_heard()
    assert heard.outcome is EventOutcome.WAITING
    assert f"in drain {theirs.id} already; {AGAIN}" in heard.text
    await released(night, theirs)
    [heard] = await night.settled(HOUR)
    assert heard.outcome is EventOutcome.ACTED
    assert heard.drain not in ("", theirs.id)
    await night.live_on(HOUR)
    assert not night.host("host-0").allow_new_session
    night.emit("availability", host="host-0")
    await night.live_on(2 * HOUR)
    assert len(night.happened("drain mode on")) == 2
    assert night.as_it_was()


@pytest.mark.parametrize("again", [False, True], ids=["once", "delivered again"])
async def test_of_a_run_what_can_be_drained_is_and_the_rest_when_it_can(again: bool) -> None:
    night = patching()
    theirs = await held_by_anna(night)
    night.patch("host-0", "host-1", starts_in=3 * 3600)
    [event] = night.published
    await night.deliver_all()
    await night.live_on(HOUR / 6)
    assert [d["host"][:6] for d in night.happened("drain mode on")] == ["host-0", "host-1"]
    assert [host.key[:6] for host in (await night.drains())[1].hosts] == ["host-1"]
    if again:
        await night.hear(event)
    await released(night, theirs)
    await night.live_on(8 * HOUR)
    patched = night.happened("patched")
    assert [(p["host"][:6], p["drained"]) for p in patched] == [("host-0", True), ("host-1", True)]
    assert len(night.happened("drain mode on")) == 3
    assert night.as_it_was()


@pytest.mark.parametrize(
    ("stays", "remain", "status"),
    [
        (True, UsersRemain.CANCEL_RUN, "Cancelled"),
        (True, UsersRemain.LET_GO_ON, "Completed"),
        (False, UsersRemain.CANCEL_RUN, "Completed"),
    ],
)
async def test_a_run_is_cancelled_too_if_users_remain_on_a_host_that_another_drain_has(
    stays: bool, remain: UsersRemain, status: str
) -> None:
    night = patching(users_remain=remain)
    if stays:
        bert = Person("bert@x", Manner.STUBBORN)
        night.world.sign_in(night.pool, night.host("host-0"), bert)
    policy = Policy(at_deadline=AtDeadline.WAIT, maintenance=Hold(hold_for=6 * HOUR))
    theirs = await night.start(policy, hosts=("host-0",))
    await night.until(lambda: len(night.happened("drain mode on")) == 1)
    night.patch("host-0", "host-1")
    await night.deliver_all()
    await night.live_on(2 * HOUR)
    [run] = night.world.runs.values()
    assert run.status == status
    assert night.happened("sign-out asked") == []
    if status == "Cancelled":
        [heard] = await night.all_heard()
        assert heard.outcome is EventOutcome.ACTED
        assert f"is in drain {theirs.id} and not known to be empty" in heard.text
        assert night.host("host-1").allow_new_session
    found = await TableStore(*night.tables).load(theirs.id)
    assert found is not None
    assert not found.hosts[0].ended


async def test_what_is_over_before_its_host_could_be_had_is_not_asked_for_any_more() -> None:
    night = Alarmed(3)
    theirs = await held_by_anna(night)
    night.emit("annotation", host="host-0", name=LOSS)
    await night.deliver_all()
    await night.live_on(HOUR / 6)
    night.emit("availability", host="host-0")
    await night.deliver_all()
    assert {h.outcome for h in await night.settled()} == {EventOutcome.IGNORED}
    assert [drain.id for drain in await night.drains()] == [theirs.id]


async def test_a_host_that_is_redeployed_by_a_rule_is_not_redeployed_again_by_it() -> None:
    redeploys = Policy(max_unavailable=Amount(100, percent=True), maintenance=Redeploy())
    night = Alarmed(3, (rule(Source.SCHEDULED_EVENT, policy=redeploys),))
    night.emit("scheduledEvent", hosts=["host-0"], eventId="1", startsIn=3600)
    await night.deliver_all()
    await night.until(lambda: len(night.happened("drain mode on")) == 1)
    night.emit("scheduledEvent", hosts=["host-0"], eventId="2", startsIn=7200)
    await night.deliver_all()
    await night.live_on(3 * HOUR)
    assert len(night.happened("redeploy")) == 1
    assert night.as_it_was()


async def test_what_fails_for_a_passing_reason_is_seen_to_again() -> None:
    night = Alarmed(3)
    night.faults = [("pool", PassingError("not now")), ("hosts", PassingError("not now"))]
    night.emit("annotation", host="host-0", name=LOSS)
    await night.deliver_all()
    [heard] = await night.settled()
    assert heard.outcome is EventOutcome.ACTED
    assert night.faults == []


async def test_a_right_that_is_missing_is_told_and_not_asked_for_without_end() -> None:
    night = patching()
    night.faults = [("machines", DeniedError("no right to read maintenanceresources"))]
    night.patch("host-0")
    await night.deliver_all()
    [heard] = await night.settled()
    assert heard.outcome is EventOutcome.REFUSED
    assert "no right to read" in heard.text


async def test_wherever_the_app_is_killed_the_run_is_drained_once_and_put_back() -> None:
    calm = patching()
    calm.patch("host-0", "host-1")
    calm.start_process(killer := Killer())
    await calm.deliver_all()
    await calm.settled()
    for at_call in range(1, killer.calls + 1):
        for after_effect in (False, True):
            night = patching()
            night.patch("host-0", "host-1")
            [pre] = night.published
            night.start_process(Killer(at_call, after_effect))
            await night.deliver_until_taken(pre)
            await night.settled()
            night.published.clear()
            await night.live_on(3 * HOUR)
            drain = await night.only_drain()
            assert drain.progress.status is Status.SUCCEEDED
            assert [p["drained"] for p in night.happened("patched")] == [True, True]
            assert night.as_it_was()


async def test_wherever_the_app_is_killed_a_run_with_a_user_on_it_is_cancelled_in_time() -> None:
    for at_call in range(1, 400, 7):
        for after_effect in (False, True):
            night = patching()
            night.world.sign_in(night.pool, night.host("host-1"), Person("b@x", Manner.STUBBORN))
            night.patch("host-0", "host-1")
            [pre] = night.published
            await night.deliver_until_taken(pre)
            await night.settled()
            night.start_process(Killer(at_call, after_effect))
            night.published.clear()
            await night.live_on(2 * HOUR)
            assert next(iter(night.world.runs.values())).status == "Cancelled"
            assert night.happened("patched") == []
            assert night.as_it_was()
