"""How soon the app looks again."""

from datetime import timedelta

import pytest

from shared.core.flow.flow import decide
from shared.core.host.phases import Phase
from shared.core.policy.policy import Amount, Policy
from shared.core.values.pace import Pace
from tests.support.builders import (
    NOON,
    PACE,
    a_drain,
    a_host,
    a_look,
    a_session,
    minutes,
    seconds,
    seen_host,
)


@pytest.mark.parametrize(
    ("quiet", "again"),
    [(0, 10), (40, 10), (60, 15), (240, 60), (480, 120), (36_000, 120)],
)
def test_looks_at_people_thin_out_while_nothing_changes(quiet: int, again: int) -> None:
    assert Pace().people(timedelta(seconds=quiet)) == timedelta(seconds=again)


def looked_again(after: int, sessions: int) -> timedelta:
    """How soon the next look comes where one of two users has gone so many seconds ago, if one has."""
    ids = ("1", "2")
    host = a_host(phase=Phase.DRAINING, effective_at=NOON)
    drain = a_drain(host, policy=Policy(messages=(), deadline=timedelta(hours=9)))
    at = NOON
    for count, late in ((2, 0), (sessions, 3600 - after), (sessions, 3600)):
        at = NOON + seconds(late)
        here = [a_session("a", id_) for id_ in ids[:count]]
        look = a_look(seen_host("a", drained=True, sessions=count), at=at, sessions=here)
        drain = decide(drain, look, at, PACE).drain
    assert drain.progress.look_at is not None
    return drain.progress.look_at - at


def test_a_look_comes_soon_after_somebody_has_left() -> None:
    assert looked_again(after=20, sessions=1) < looked_again(after=20, sessions=2)


def test_a_host_whose_turn_comes_when_another_is_back_asks_for_no_looks_of_its_own() -> None:
    waits, out = a_host("b"), a_host("a", Phase.DRAINING, effective_at=NOON)
    policy = Policy(messages=(), deadline=timedelta(hours=9), max_unavailable=Amount(1))
    drain = a_drain(out, waits, policy=policy)
    at = NOON + minutes(60)
    look = a_look(
        seen_host("a", drained=True, sessions=1), seen_host("b"), at=at, sessions=[a_session("a")]
    )
    after = decide(drain, look, at, PACE).drain
    wait = next(host.wait for host in after.hosts if host.key == "b")
    assert wait is not None
    assert wait.look_at > at + PACE.usual
