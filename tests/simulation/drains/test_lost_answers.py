"""Each call to the control plane fails once, in each way, and every promise still holds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from local.sim.estate.people import Manner, Person
from shared.core.host.status import Status
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Amount, AtDeadline, Policy
from shared.core.start.request import Start
from shared.core.start.selection import Selection
from shared.engine.drains.intake import start
from shared.errors import AnswerLostError, NotFoundError, OutsideError, PassingError
from tests.support.night.night import Night
from tests.support.night.promises import Before, keep

POLICY = Policy(
    max_unavailable=Amount(1),
    deadline=timedelta(minutes=20),
    at_deadline=AtDeadline.SIGN_OUT,
    warn_at_least=timedelta(minutes=10),
    maintenance=Restart(),
)


def an_estate() -> Night:
    night = Night(hosts=2)
    for n, manner in enumerate((Manner.LEAVES, Manner.STUBBORN)):
        person = Person(f"user-{n}@contoso.example", manner, after=90.0, on=f"host-{n}")
        night.world.arrive(night.pool, person)
    return night


@pytest.mark.parametrize(
    "error",
    [PassingError("not now"), AnswerLostError("cut")],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize(
    "call", ["hosts", "sessions", "set_allow_new_session", "send_message", "restart"]
)
@pytest.mark.parametrize("times", [1, 3])
async def test_a_call_that_fails_only_makes_it_take_longer(
    call: str, error: OutsideError, times: int
) -> None:
    night = an_estate()
    before = Before(night)
    drain = await night.start(POLICY)
    night.faults = [(call, error)] * times
    over = await night.until_over(drain.id)
    assert over.progress.status is Status.SUCCEEDED
    struck = times - len(night.faults)
    reads = call in ("hosts", "sessions")
    assert struck >= 1 or (reads and isinstance(error, AnswerLostError))
    keep(night, before, POLICY)


async def test_a_user_who_goes_between_the_listing_and_the_message_is_no_error() -> None:
    night = an_estate()
    before = Before(night)
    drain = await night.start(POLICY)
    night.faults = [("send_message", NotFoundError("gone"))]
    assert (await night.until_over(drain.id)).progress.status is Status.SUCCEEDED
    keep(night, before, POLICY)


async def test_autoscale_that_opens_a_host_under_us_is_answered_and_nobody_is_cut_off() -> None:
    night = an_estate()
    before = Before(night)
    drain = await night.start(POLICY)

    def opened() -> None:
        for host in night.pool.hosts.values():
            night.world.set_drain(host, True, "autoscale")
        night.world.arrive(night.pool, Person("late@contoso.example", Manner.LEAVES, after=60.0))

    night.on_listing = [lambda: None] * 3 + [opened]
    assert (await night.until_over(drain.id)).progress.status is Status.SUCCEEDED
    assert night.happened("signed in")[-1]["user"] == "late@contoso.example"
    keep(night, before, POLICY)


async def test_a_host_that_does_not_come_back_fails_alone_and_is_put_back() -> None:
    night = an_estate()
    before = Before(night)
    night.host("host-0").quirks.never_comes_back = True
    policy = replace(POLICY, max_unavailable=Amount(2))
    drain = await night.start(policy)
    over = await night.until_over(drain.id)
    phases = {host.key.split(".")[0]: str(host.phase) for host in over.hosts}
    assert phases["host-0"] == "failed"
    assert over.progress.status is Status.FAILED
    [failed] = [host for host in over.hosts if host.attention]
    assert "not well in time" in failed.attention
    keep(night, before, policy)


async def test_two_drains_on_one_pool_keep_its_floor_together() -> None:
    night = Night(hosts=4)
    before = Before(night)
    for n in range(4):
        person = Person(f"user-{n}@contoso.example", Manner.LEAVES, after=300.0, on=f"host-{n}")
        night.world.arrive(night.pool, person)
    drains = [
        await start(
            night.process.outside,
            Start(night.pool_id, Selection(hosts), "patches", POLICY, False, str(hosts), "d"),
            "anna",
        )
        for hosts in (("host-0", "host-1"), ("host-2", "host-3"))
    ]
    for drain in drains:
        assert (await night.until_over(drain.id)).progress.status is Status.SUCCEEDED
    keep(night, before, POLICY)
