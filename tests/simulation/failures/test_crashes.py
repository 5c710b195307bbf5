"""Kill the app at any call to the outside, before or after its effect, and start it again."""

import contextlib
from datetime import timedelta

import pytest

from local.sim.estate.people import Manner, Person
from shared.core.host.phases import Phase
from shared.core.host.status import Status
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Amount, AtDeadline, Policy
from tests.support.night.night import Crash, Killer, Night
from tests.support.night.promises import Before, keep

POLICY = Policy(
    max_unavailable=Amount(2),
    deadline=timedelta(minutes=20),
    at_deadline=AtDeadline.WAIT,
    maintenance=Restart(),
)


def an_estate() -> Night:
    """Two hosts under a scaling plan: one with a user who leaves when told, one that an
    administrator had drained, and which carries the exclusion tag already."""
    night = Night(hosts=2)
    night.pool.exclusion_tag = "ExcludeFromScaling"
    night.host("host-1").vm.tags = {"ExcludeFromScaling": "by hand"}
    person = Person("bert@contoso.example", Manner.LEAVES, after=60.0, on="host-0")
    night.world.arrive(night.pool, person)
    night.host("host-1").allow_new_session = False
    return night


async def calls_of_a_quiet_night() -> int:
    night = an_estate()
    drain = await night.start(POLICY)
    night.start_process(killer := Killer())
    await night.until_over(drain.id)
    return killer.calls


@pytest.mark.parametrize("after_effect", [False, True], ids=["before", "after"])
async def test_wherever_the_app_is_killed_every_host_comes_back_as_it_was(
    after_effect: bool,
) -> None:
    calls = await calls_of_a_quiet_night()
    assert calls > 100
    for at_call in range(1, calls + 1):
        night = an_estate()
        before = Before(night)
        drain = await night.start(POLICY)
        night.start_process(Killer(at_call, after_effect))
        over = await night.until_over(drain.id)
        assert over.progress.status is Status.SUCCEEDED, f"killed at call {at_call}"
        assert {host.phase for host in over.hosts} == {Phase.DONE}
        keep(night, before, POLICY)


async def test_a_start_that_is_killed_half_way_leaves_nothing_drained_and_can_be_repeated() -> None:
    night = an_estate()
    await night.start(POLICY)
    calls = night.process.killer.calls
    for at_call in range(1, calls + 1):
        for after_effect in (False, True):
            night = an_estate()
            before = Before(night)
            night.start_process(Killer(at_call, after_effect))
            with contextlib.suppress(Crash):
                await night.start(POLICY)
            night.start_process()
            drain = await night.start(POLICY)
            over = await night.until_over(drain.id)
            assert over.progress.status is Status.SUCCEEDED, (at_call, after_effect)
            keep(night, before, POLICY)
