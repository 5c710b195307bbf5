"""Events about one host from two causes, about hosts that are not known yet, and about what is far
ahead."""

from datetime import timedelta
from typing import Any

import pytest

from shared.core.events.records import EventOutcome, EventRecord
from shared.core.events.signals import Source
from shared.core.host.orders import Order
from shared.core.host.status import Status
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.redeploy import Redeploy
from shared.core.policy.policy import Amount, Policy
from shared.core.values.window import Window
from shared.engine.drains import orders
from shared.errors import ANY
from tests.support.alarms import LOSS, Alarmed, rule
from tests.support.night.night import EVENING, Killer

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HELD = Policy(Amount(100, percent=True), maintenance=Hold())


def alerted() -> Alarmed:
    return Alarmed(3, (rule(Source.ALERT),))


async def told(night: Alarmed, what: str, **more: Any) -> None:
    night.emit(what, **more)
    await night.deliver_all()


async def held_for_two(night: Alarmed) -> None:
    await told(night, "alert", hosts=["host-0"], id="A")
    await night.live_on(HOUR / 2)
    await told(night, "alert", hosts=["host-0"], id="B")
    await night.live_on(HOUR / 2)


async def resolved(night: Alarmed, *ids: str) -> None:
    for id_ in ids:
        night.emit("alert", hosts=["host-0"], id=id_, condition="Resolved")
    await night.deliver_all()
    await night.live_on(HOUR / 2)


@pytest.mark.parametrize("first", ["A", "B"])
async def test_a_host_for_which_two_alerts_fire_goes_back_when_both_are_resolved(
    first: str,
) -> None:
    night = alerted()
    await held_for_two(night)
    await resolved(night, first)
    assert not night.host("host-0").allow_new_session
    assert "asks for it, too" in (await night.all_heard())[-1].text
    await resolved(night, "B" if first == "A" else "A")
    assert (await night.only_drain()).progress.status is Status.SUCCEEDED
    assert night.as_it_was()


async def test_two_alerts_that_are_resolved_at_once_put_their_host_back() -> None:
    night = alerted()
    await held_for_two(night)
    await resolved(night, "A", "B")
    assert night.as_it_was()


async def test_the_end_of_an_alert_that_no_rule_fits_puts_no_other_alerts_host_back() -> None:
    night = Alarmed(3, (rule(Source.ALERT, only={"severity": ("Sev1",)}),))
    await told(night, "alert", hosts=["host-0"], id="A", severity="Sev1")
    await told(night, "alert", hosts=["host-0"], id="B", severity="Sev4")
    await night.live_on(HOUR / 2)
    await resolved(night, "B")
    assert not night.host("host-0").allow_new_session
    await resolved(night, "A")
    assert night.as_it_was()


async def test_an_alert_that_fires_while_its_host_is_put_back_has_it_drained_again() -> None:
    night = alerted()
    await told(night, "alert", hosts=["host-0"], id="A")
    await night.live_on(HOUR / 2)
    night.emit("alert", hosts=["host-0"], id="A", condition="Resolved")
    await night.deliver_all()
    await night.until(lambda: len(night.queue) > 0)
    night.clock.at += timedelta(seconds=5)
    await told(night, "alert", hosts=["host-0"], id="B")
    await night.live_on(HOUR)
    assert not night.host("host-0").allow_new_session
    await resolved(night, "B")
    assert night.as_it_was()


async def test_an_end_and_another_beginning_of_one_moment_leave_the_host_out() -> None:
    night = alerted()
    await told(night, "alert", hosts=["host-0"], id="A")
    await night.live_on(HOUR / 2)
    night.emit("alert", hosts=["host-0"], id="A", condition="Resolved")
    night.emit("alert", hosts=["host-0"], id="B")
    await night.deliver_all()
    await night.live_on(HOUR)
    assert not night.host("host-0").allow_new_session
    await resolved(night, "B")
    assert night.as_it_was()


async def test_an_early_warning_begins_in_time_and_tells_until_when_it_waits_and_why() -> None:
    night = Alarmed(3, (rule(Source.SCHEDULED_EVENT),))
    await told(night, "scheduledEvent", hosts=["host-0"], eventId="e", startsIn=6 * 86400)
    await night.live_on(HOUR)
    [heard] = await night.all_heard()
    assert (heard.outcome, heard.until) == (EventOutcome.WAITING, EVENING + 6 * DAY - HOUR * 2.5)
    assert "are enough" in heard.text
    assert await night.process.outside.inbox.waiting(10) == ()
    assert await night.drains() == []
    await night.live_on(6 * DAY - 4 * HOUR)
    assert night.as_it_was()
    await night.live_on(2 * HOUR)
    assert not night.host("host-0").allow_new_session
    due = (await night.only_drain()).control.policy.deadline_at
    assert due is not None
    assert due.replace(second=0, microsecond=0) == EVENING + 6 * DAY
    await told(night, "scheduledEvent", hosts=["host-0"], eventId="e", status="Completed")
    await night.live_on(HOUR)
    assert night.as_it_was()


async def test_an_early_warning_begins_with_the_last_window_before_it() -> None:
    window = Window(starts="01:00", ends="04:00", time_zone="UTC")
    redeploys = Policy(Amount(100, percent=True), maintenance=Redeploy(), window=window)
    night = Alarmed(3, (rule(Source.SCHEDULED_EVENT, policy=redeploys),))
    await told(night, "scheduledEvent", hosts=["host-0"], eventId="e", startsIn=3 * 86400)
    await night.live_on(HOUR)
    [heard] = await night.all_heard()
    assert heard.until == EVENING + 2 * DAY + 3 * HOUR
    await night.live_on(2 * DAY + 6 * HOUR)
    [at] = [line["at"] for line in night.happened("redeploy")]
    assert str(at) > str(EVENING + 2 * DAY + 3 * HOUR)[:10]
    assert night.as_it_was()


@pytest.mark.parametrize("status", ["Canceled", "Completed"])
async def test_an_early_warning_that_is_over_waits_no_more(status: str) -> None:
    night = Alarmed(3, (rule(Source.SCHEDULED_EVENT),))
    await told(night, "scheduledEvent", hosts=["host-0"], eventId="e", startsIn=6 * 86400)
    await night.live_on(HOUR)
    await told(night, "scheduledEvent", hosts=["host-0"], eventId="e", status=status)
    heard = await night.settled()
    assert {h.outcome for h in heard} == {EventOutcome.IGNORED}
    assert "was over" in heard[0].text
    await night.live_on(6 * DAY)
    assert await night.drains() == []


async def test_an_early_warning_that_is_delivered_again_waits_once() -> None:
    night = Alarmed(3, (rule(Source.SCHEDULED_EVENT),))
    night.emit("scheduledEvent", hosts=["host-0"], eventId="e", startsIn=2 * 86400)
    [event] = night.published
    await night.deliver_all()
    await night.live_on(HOUR)
    await night.hear(event)
    await night.live_on(DAY * 2)
    await night.hear(event)
    await night.live_on(HOUR)
    assert len(await night.drains()) == 1


async def test_an_early_warning_whose_host_another_drain_has_at_its_time_asks_again() -> None:
    night = Alarmed(3, (rule(Source.SCHEDULED_EVENT, policy=HELD),))
    await told(night, "scheduledEvent", hosts=["host-0"], eventId="e", startsIn=3 * 86400)
    await night.live_on(3 * DAY - 4 * HOUR)
    theirs = await night.start(HELD, hosts=("host-0",))
    await night.live_on(2.2 * HOUR)
    [heard] = await night.all_heard()
    assert (heard.outcome, heard.until) == (EventOutcome.WAITING, None)
    assert f"in drain {theirs.id} already" in heard.text
    order = Order("anna", night.clock.at, "done")
    await orders.release(night.process.outside, theirs.id, ANY, None, order)
    await night.live_on(HOUR / 2)
    assert not night.host("host-0").allow_new_session
    assert len(await night.drains()) == 2


async def test_what_is_far_ahead_holds_up_nothing_that_is_near() -> None:
    night = Alarmed(3, (rule(Source.SCHEDULED_EVENT),))
    night.emit("scheduledEvent", hosts=["host-0"], eventId="far", startsIn=6 * 86400)
    night.emit("scheduledEvent", hosts=["host-1"], eventId="near", startsIn=900)
    await night.deliver_all()
    await night.live_on(HOUR / 6)
    assert [h.outcome for h in await night.all_heard()] == [
        EventOutcome.WAITING,
        EventOutcome.ACTED,
    ]
    assert not night.host("host-1").allow_new_session
    assert night.host("host-0").allow_new_session


async def test_wherever_the_app_is_killed_an_early_warning_is_drained_once_and_in_time() -> None:
    for at_call in range(1, 60):
        for after_effect in (False, True):
            night = Alarmed(1, (rule(Source.SCHEDULED_EVENT),))
            night.emit("scheduledEvent", hosts=["host-0"], eventId="e", startsIn=86400)
            [event] = night.published
            night.published.clear()
            night.start_process(Killer(at_call, after_effect))
            await night.deliver_until_taken(event)
            await night.live_on(HOUR)
            assert await night.drains() == []
            night.clock.at = EVENING + DAY - 3 * HOUR
            night.start_process(Killer(at_call, after_effect))
            await night.live_on(HOUR)
            assert not night.host("host-0").allow_new_session
            assert len(await night.drains()) == 1


async def named(night: Alarmed, machine: str) -> EventRecord:
    night.emit("annotation", host="host-0", name=LOSS)
    [event] = night.published
    night.published.clear()
    event["data"]["resourceInfo"]["properties"]["targetResourceId"] = machine
    return await night.hear(event)


async def test_a_machine_that_becomes_a_session_host_minutes_later_is_drained_all_the_same() -> (
    None
):
    night = Alarmed(3)
    vm = night.host("host-0").vm.id.replace("host-0", "host-7")
    await named(night, vm)
    await night.live_on(HOUR / 12)
    [heard] = await night.all_heard()
    assert heard.outcome is EventOutcome.WAITING
    assert "not known as a session host yet" in heard.text
    night.world.add_host(night.pool, "host-7.contoso.example")
    assert night.host("host-7").vm.id.lower() == vm.lower()
    await night.live_on(HOUR / 4)
    assert not night.host("host-7").allow_new_session


async def test_a_machine_that_recovers_before_it_is_known_is_not_drained() -> None:
    night = Alarmed(3)
    vm = night.host("host-0").vm.id.replace("host-0", "host-7")
    await named(night, vm)
    await night.live_on(HOUR / 12)
    night.emit("availability", host="host-0")
    [event] = night.published
    night.published.clear()
    event["data"]["resourceInfo"]["properties"]["targetResourceId"] = vm
    await night.hear(event)
    night.world.add_host(night.pool, "host-7.contoso.example")
    await night.live_on(HOUR)
    assert await night.drains() == []


async def test_a_machine_that_is_none_of_ours_has_the_pools_read_three_times_at_most() -> None:
    night = Alarmed(3)
    read: list[int] = []
    plane = night.process.outside.plane
    hosts = plane.hosts

    async def counted(pool: Any) -> Any:
        read.append(1)
        return await hosts(pool)

    object.__setattr__(night.process.outside, "plane", _Counting(plane, counted))
    await named(night, night.host("host-0").vm.id.replace("host-0", "other"))
    await night.settled(HOUR)
    await night.live_on(DAY)
    assert len(read) <= 3


class _Counting:
    def __init__(self, inner: Any, hosts: Any) -> None:
        self._inner = inner
        self.hosts = hosts

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


async def test_an_alert_on_machines_of_two_types_is_judged_for_each() -> None:
    only = {"targetType": ("sessionHosts",)}
    night = Alarmed(3, (rule(Source.ALERT, only=only, policy=Policy(maintenance=Hold())),))
    night.emit("alert", hosts=["host-0", "host-1"], id="A")
    [alert] = night.published
    night.published.clear()
    targets = alert["data"]["essentials"]["alertTargetIDs"]
    targets[1] = f"{night.pool.id}/sessionHosts/host-1.contoso.example"
    await night.hear(alert)
    await night.live_on(HOUR / 2)
    assert [host.key[:6] for host in (await night.only_drain()).hosts] == ["host-1"]
