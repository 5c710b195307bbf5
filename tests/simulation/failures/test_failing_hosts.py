"""Hosts whose maintenance fails night after night: they keep no other host from its turn."""

import contextlib
from datetime import datetime, timedelta

from shared.core.maintenance.restart import Restart
from shared.core.observation.attempts import SET_ASIDE_AFTER
from shared.core.policy.policy import Amount, Policy
from shared.core.start.request import Start
from shared.core.start.selection import Selection
from shared.core.values.durations import parse_duration
from shared.engine.drains import intake
from shared.engine.step import poolfacts
from shared.errors import RequestRefusedError
from tests.support.night.night import Night

ALL = Amount(100, percent=True)
POLICY = Policy(
    maintenance=Restart(),
    healthy_within=parse_duration("PT10M"),
    max_unavailable=ALL,
    failure_budget=ALL,
)


def asked(night: Night, selection: Selection, unique: str) -> Start:
    return Start(night.pool_id, selection, "patches", POLICY, False, unique, "digest")


async def a_night(night: Night, number: int, selection: Selection) -> list[str]:
    """The hosts that the drain of that night is about."""
    start = asked(night, selection, f"night {number}")
    drain = await intake.start(night.process.outside, start, "anna")
    over = await night.until_over(drain.id)
    return [host.name.split(".")[0] for host in over.hosts]


def until(night: Night, at: datetime) -> None:
    """Time passes in which nothing happens."""
    night.clock.at = max(night.clock.at, at)
    night._next_tick = night.clock.at


async def nights_of(night: Night, number: int) -> list[list[str]]:
    begin = night.clock.at
    found: list[list[str]] = []
    for n in range(number):
        until(night, begin + timedelta(days=n))
        found.append(await a_night(night, n, Selection(at_most=2)))
    return found


async def test_two_broken_hosts_of_six_keep_no_other_from_its_turn() -> None:
    night = Night(hosts=6)
    for name in ("host-0", "host-1"):
        night.host(name).quirks.never_comes_back = True
    found = await nights_of(night, 3)
    assert set(found[0]) == {"host-0", "host-1"}
    assert {*found[1], *found[2]} == {"host-2", "host-3", "host-4", "host-5"}


async def test_a_host_that_failed_night_after_night_is_set_aside_until_it_is_named() -> None:
    night = Night(hosts=1)
    night.host("host-0").quirks.never_comes_back = True
    begin, tries = night.clock.at, 0
    outside = night.process.outside
    for day in range(40):
        until(night, begin + timedelta(days=day))
        with contextlib.suppress(RequestRefusedError):  # it leaves no host
            await a_night(night, day, Selection(at_most=2))
            tries += 1
    assert tries == SET_ASIDE_AFTER
    [(_, done, failed)] = await poolfacts.overdue(outside, night.pool_id, night.clock.at)
    assert done is None
    assert failed is not None
    assert failed.set_aside
    named = await a_night(night, 99, Selection(names=("host-0.contoso.example",), at_most=1))
    assert named == ["host-0"]
    night.host("host-0").quirks.never_comes_back = False
    await a_night(night, 100, Selection(names=("host-0.contoso.example",)))
    assert await outside.store.attempts(night.pool_id.key) == {}
