"""Drains that keep to their windows, night after night."""

from datetime import timedelta

from local.sim.estate.people import Manner, Person
from shared.core.conditions import Reply
from shared.core.conditions.alertfiring import NoAlertFiring
from shared.core.conditions.asking import AskGraph
from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Amount, Policy
from shared.core.values.window import AtWindowEnd, Window
from tests.support.night.night import Killer, Night

WINDOW = Window(starts="23:00", ends="01:00", at_end=AtWindowEnd.CARRY_OVER)
POLICY = Policy(maintenance=Restart(), window=WINDOW, max_unavailable=Amount(2))


async def test_a_drain_waits_for_its_window_and_uses_it() -> None:
    night = Night(hosts=2)
    drain = await night.start(POLICY)
    over = await night.until_over(drain.id)
    assert over.progress.status is Status.SUCCEEDED
    assert min(line["at"] for line in night.happened("drain mode on")) >= "2026-11-23T23:00"
    assert max(line["at"] for line in night.happened("drain mode off")) < "2026-11-24T01:00"


async def test_what_is_not_done_in_one_window_is_put_back_and_goes_on_in_the_next() -> None:
    night = Night(hosts=2)
    night.world.sign_in(night.pool, night.host("host-0"), Person("b@x", Manner.WORKS, 20 * 3600))
    drain = await night.start(POLICY)
    over = await night.until_over(drain.id, within=timedelta(days=2))
    assert over.progress.status is Status.SUCCEEDED
    opened = [
        line["at"][:13] for line in night.happened("drain mode off") if "host-0" in line["host"]
    ]
    assert opened == ["2026-11-24T01", "2026-11-24T23"]
    assert len(night.happened("restart")) == 2
    assert all(host.allow_new_session for host in night.pool.hosts.values())


async def test_wherever_the_app_is_killed_at_a_windows_end_the_host_is_open_by_day() -> None:
    for at_call in range(1, 80, 3):
        for after_effect in (False, True):
            night = Night(hosts=1)
            night.world.sign_in(
                night.pool, night.host("host-0"), Person("b@x", Manner.WORKS, 72000)
            )
            drain = await night.start(POLICY)
            while night.clock.at.isoformat() < "2026-11-24T00:58":
                await night.pass_time()
            night.start_process(Killer(at_call, after_effect))
            while night.clock.at.isoformat() < "2026-11-24T12:00":
                await night.pass_time()
            assert night.host("host-0").allow_new_session
            assert (await night.drain(drain.id)).hosts[0].phase is Phase.QUEUED
            over = await night.until_over(drain.id, within=timedelta(days=2))
            assert over.progress.status is Status.SUCCEEDED
            assert len(night.happened("restart")) == 1


async def test_a_condition_holds_the_next_host_until_it_is_met() -> None:
    night = Night(hosts=2)
    night.replies = {AskGraph: Reply(rows=({"text": "sign-ins fail"},))}
    drain = await night.start(Policy(maintenance=Restart(), conditions=(NoAlertFiring(),)))
    for _ in range(20):
        await night.pass_time()
    assert night.happened("drain mode on") == []
    night.replies = {}
    assert (await night.until_over(drain.id)).progress.status is Status.SUCCEEDED


async def test_how_long_hosts_took_is_remembered() -> None:
    night = Night(hosts=1)
    drain = await night.start(Policy(maintenance=Restart()))
    await night.until_over(drain.id)
    [last] = (await night.process.outside.store.maintained(night.pool_id.key)).values()
    assert last.took is not None
    assert timedelta(minutes=1) < last.took < timedelta(hours=1)
