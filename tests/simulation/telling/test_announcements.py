"""The app's own events: each at least once, whatever happens to it or to the topic."""

from datetime import timedelta
from typing import Any

from local.sim.estate.people import Manner, Person
from shared.core.maintenance.none import NoMaintenance
from shared.core.maintenance.restart import Restart
from shared.core.policy.policy import Policy
from shared.errors import AnswerLostError, DeniedError, PassingError
from tests.support.night.night import Killer, Night

QUICK = Policy(maintenance=NoMaintenance())
STARTED, ENDED = "AvdDrain.Drain.Started", "AvdDrain.Drain.Ended"
OUT, ATTENTION = "AvdDrain.Host.Out", "AvdDrain.Host.NeedsAttention"


def announcing(hosts: int = 2) -> Night:
    night = Night(hosts)
    night.publishes = True
    night.start_process()
    return night


def announced(night: Night) -> list[dict[str, Any]]:
    return night.happened("announced")


async def until_ended(night: Night) -> None:
    await night.until(lambda: any(a["type"] == ENDED for a in announced(night)), steps=12_000)


async def test_a_drain_is_announced_from_its_start_to_its_end() -> None:
    night = announcing()
    drain = await night.start(QUICK)
    await until_ended(night)
    assert [a["type"] for a in announced(night)] == [STARTED, OUT, OUT, ENDED]
    assert {a["data"]["drain"] for a in announced(night)} == {drain.id}
    assert announced(night)[-1]["data"]["status"] == "Succeeded"


async def test_a_host_that_needs_a_person_is_announced_with_the_reason() -> None:
    night = announcing(1)
    night.host("host-0").quirks.never_comes_back = True
    await night.start(Policy(maintenance=Restart(), healthy_within=timedelta(minutes=10)))
    await until_ended(night)
    [need] = [a for a in announced(night) if a["type"] == ATTENTION]
    assert "not well in time" in need["data"]["why"]
    assert need["data"]["host"] == "host-0.contoso.example"


async def test_nothing_is_lost_while_the_topic_is_away_for_days() -> None:
    night = announcing()
    night.faults = [("publish", DeniedError("no right")), ("publish", PassingError("away"))] * 45
    await night.start(QUICK)
    await until_ended(night)
    assert night.clock.at - night.world.began > timedelta(days=3)
    assert [a["type"] for a in announced(night)] == [STARTED, OUT, OUT, ENDED]


async def test_an_announcement_whose_answer_was_lost_comes_again_with_the_same_id() -> None:
    night = announcing()
    night.faults = [("publish", AnswerLostError("?"))]
    await night.start(QUICK)
    await until_ended(night)
    ids = [a["id"] for a in announced(night)]
    assert len(ids) > len(set(ids)) == 4


async def test_wherever_the_app_is_killed_everything_is_announced() -> None:
    calm = announcing()
    calm.start_process(killer := Killer())
    await calm.start(QUICK)
    await until_ended(calm)
    for at_call in range(30, killer.calls + 1, 3):
        for after_effect in (False, True):
            night = announcing()
            night.world.sign_in(night.pool, night.host("host-0"), Person("a@x", Manner.LEAVES, 60))
            await night.start(QUICK)
            night.start_process(Killer(at_call, after_effect))
            await until_ended(night)
            assert len({a["id"] for a in announced(night)}) == 4


async def test_without_a_topic_nothing_is_announced() -> None:
    night = Night(1)
    drain = await night.start(QUICK)
    await night.until_over(drain.id)
    assert announced(night) == []
