"""How many hosts of a pool take users, how many have to, and how that is expected to go on."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.adapters.storage import entities, packing
from shared.core.admission.capacity import standing
from shared.core.drain.availability import MOST, Availability, Point, with_point
from shared.core.drain.expected import Forecast, Later
from shared.core.drain.model import Drain, Progress
from shared.core.drain.summary.tally import Tally
from shared.core.forecast.course import POINTS
from shared.core.forecast.forecast import forecast, of_each
from shared.core.forecast.past import Past
from shared.core.host.host import HostRecord
from shared.core.host.orders import Order, Pause
from shared.core.host.phases import Phase
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.restart import Restart
from shared.core.observation.seen import Seen
from shared.core.policy.policy import Amount, MinimumCapacity, Policy
from shared.core.values.window import AtWindowEnd, Window
from tests.support.builders import (
    NOON,
    a_drain,
    a_host,
    a_look,
    a_session,
    minutes,
    seconds,
    seen_host,
)
from tests.unit.core.forecast.test_forecast import known

ONE_AT_A_TIME = Policy(maintenance=Restart())


def looked(hosts: int, *out: str) -> Seen:
    return a_look(*(seen_host(f"h{n}", drained=f"h{n}" in out) for n in range(hosts)))


def queued(number: int) -> list[HostRecord]:
    return [a_host(f"h{n}", sessions_count=0) for n in range(number)]


@pytest.mark.parametrize(
    ("policy", "floor", "because"),
    [
        (Policy(max_unavailable=Amount(3)), 7, "2 of 3 hosts are out"),
        (Policy(max_unavailable=Amount(30)), 0, "2 of 30 hosts are out"),
        (Policy(max_unavailable=Amount(9), minimum_available=Amount(6)), 6, "6 must stay"),
        (
            Policy(max_unavailable=Amount(9), minimum_capacity=MinimumCapacity(sessions=41)),
            5,
            "41 must stay",
        ),
        (Policy(max_unavailable=Amount(1)), 9, "2 hosts are out, 1 may be"),
    ],
)
def test_the_floor_is_that_of_the_strictest_limit(policy: Policy, floor: int, because: str) -> None:
    """One host is out in this drain, one was drained by a person: ten hosts, of ten sessions each."""
    hosts = [a_host("h0", Phase.DRAINING), *queued(10)[2:]]
    found, why = standing(policy, hosts, looked(10, "h0", "h1"), NOON)
    assert found == Point(NOON, 8, 10, floor)
    assert because in why


@pytest.mark.parametrize(
    "policy", [Policy(minimum_capacity=MinimumCapacity()), Policy(scaling_plan_floor=True)]
)
def test_a_floor_that_rests_on_what_was_not_read_is_not_known(policy: Policy) -> None:
    seen = replace(looked(4), facts=None)
    found, _ = standing(policy, queued(4), seen, NOON)
    assert found.floor is None


def test_a_pool_whose_sessions_fill_it_has_the_floor_of_its_sessions() -> None:
    sessions = [a_session("h1", str(n)) for n in range(21)]
    seen = a_look(*(seen_host(f"h{n}") for n in range(4)), sessions=sessions)
    policy = Policy(max_unavailable=Amount(4), minimum_capacity=MinimumCapacity())
    found, _ = standing(policy, queued(4), seen, NOON)
    assert (found.available, found.floor) == (4, 3)  # 21 and a fifth: 26 of ten a host


def at(minute: float, available: int, floor: int | None = 2, hosts: int = 9) -> Point:
    return Point(NOON + minutes(minute), available, hosts, floor)


def test_a_look_that_saw_the_same_adds_nothing_but_its_time() -> None:
    found = with_point(with_point(None, at(0, 9)), at(5, 9), "9 hosts, 7 may be out")
    assert found == Availability((at(0, 9),), NOON + minutes(5), "9 hosts, 7 may be out")


def test_a_floor_that_a_look_did_not_need_stays_as_it_was_known() -> None:
    found = with_point(with_point(None, at(0, 9), "why"), at(5, 8, None), "not read")
    assert found.now == at(5, 8)
    assert found.because == "why"
    assert with_point(None, at(0, 9, None), "not read").because == "not read"


def test_a_long_drain_is_told_in_few_points_and_on_the_safe_side() -> None:
    found = None
    told = [at(n * n, 3 + n % 5, 1 + n % 2) for n in range(4 * MOST)]
    for point in told:
        found = with_point(found, point)
    assert found is not None
    assert len(found.points) == MOST
    assert (found.points[0].at, found.now) == (told[0].at, told[-1])
    assert [p.at for p in found.points] == sorted({p.at for p in found.points})
    for point in told:
        [*_, here] = [p for p in found.points if p.at <= point.at]
        assert here.available <= point.available
        assert (here.floor or 0) >= (point.floor or 9)


def test_a_clock_that_goes_back_puts_nothing_out_of_order() -> None:
    found = with_point(with_point(None, at(10, 9)), at(0, 8))
    assert [p.at for p in found.points] == [NOON + minutes(10)] * 2


def test_it_stands_beside_the_progress_and_what_cannot_be_read_is_none() -> None:
    found = with_point(with_point(None, at(0, 9, None)), at(5, 8))
    values = entities.entity_of_progress(Progress(), Tally(), None, found)
    assert entities.read_availability(values) == found
    for spoilt in ("{", "{}", '{"points": [], "seen_at": "2026-11-23T12:00:00Z"}'):
        assert entities.read_availability({"availability": spoilt}) is None
    assert entities.read_availability({}) is None
    full = None
    for n in range(2 * MOST):
        full = with_point(full, at(n, n % 7), "x" * 1000)
    row = entities.entity_of_progress(Progress(), Tally(), None, full)
    assert packing.size_of(row) < 10_000


def course(drain: Drain, seen: Seen, now: datetime = NOON) -> list[tuple[float, int, int, int]]:
    made = forecast(drain, seen, known(), now)
    assert made is not None
    return [(later.after / 60, *later[1:]) for later in made.course]


def test_one_host_after_the_other_goes_and_the_last_comes_back() -> None:
    """Each takes a minute, five, and two; six hosts of ten take part."""
    told = course(a_drain(*queued(6), policy=ONE_AT_A_TIME), looked(10))
    assert told[0] == (0, 9, 9, 9)
    assert all(least <= middle <= most for _, middle, least, most in told)
    assert {middle for after, middle, *_ in told if after < 40} == {9}
    assert [told[-1][1], told[-1][3]] == [10, 10]
    assert 6 * 7 <= told[-1][0] <= 6 * 10
    assert [after for after, *_ in told] == sorted({after for after, *_ in told})
    assert len(told) <= POINTS + 1


def test_as_many_are_away_as_may_be_out_at_once() -> None:
    policy = replace(ONE_AT_A_TIME, max_unavailable=Amount(4))
    told = course(a_drain(*queued(12), policy=policy), looked(12))
    assert told[0][1] == 8
    assert min(least for *_, least, _ in told) == 8
    assert told[-1][1] >= 11


def test_a_closed_window_is_waited_for_with_all_hosts_there() -> None:
    window = Window(starts="20:00", ends="23:00", at_end=AtWindowEnd.FINISH)
    told = course(a_drain(*queued(1), policy=replace(ONE_AT_A_TIME, window=window)), looked(3))
    assert told[0] == (0, 3, 3, 3)
    [gone, *_] = [after for after, middle, *_ in told if middle == 2]
    assert gone == 8 * 60


def test_a_host_that_took_no_users_before_is_missed_by_nobody_and_comes_back_to_nobody() -> None:
    seen = looked(3, "h0", "h1")
    closed = a_host("h0", Phase.EMPTY, before=False)
    asleep = a_host("h0", Phase.EMPTY, stopped_before="deallocated")
    for host in (closed, asleep):
        assert {n for _, n, *_ in course(a_drain(host, policy=ONE_AT_A_TIME), seen)} == {1}
    waiting = a_host("h1", sessions_count=0)
    told = course(a_drain(a_host("h0", Phase.EMPTY), waiting, policy=ONE_AT_A_TIME), seen)
    assert (told[0][1], told[-1][1]) == (1, 2)


def test_a_host_that_was_closed_before_frees_no_place_for_another() -> None:
    """It and one more are out, two may be: the next goes when the other is back, and not before."""
    closed = a_host("h0", Phase.VERIFYING, before=False)
    hosts = [closed, a_host("h1", Phase.EMPTY), *queued(6)[2:5], a_host("h5", sessions_count=0)]
    policy = replace(ONE_AT_A_TIME, max_unavailable=Amount(2))
    told = course(a_drain(*hosts, policy=policy), looked(6, "h0", "h1"))
    assert min(least for *_, least, _ in told) == 4
    told = course(a_drain(*hosts[2:], policy=policy), looked(6, "h0", "h5"))
    assert told == []  # none may go, and nobody knows when that changes
    told = course(a_drain(hosts[-1], policy=policy), looked(6, "h0", "h5"))
    assert {middle for _, middle, *_ in told} == {4}  # nobody's place: it goes at once


def test_hosts_that_are_put_back_are_expected_back() -> None:
    cancel = Order("kim", NOON, "not tonight")
    hosts = [a_host("h0", Phase.RESTORING), a_host("h1", Phase.RESTORING), *queued(5)[2:]]
    told = course(a_drain(*hosts, policy=ONE_AT_A_TIME, cancel=cancel), looked(5, "h0", "h1"))
    assert (told[0][1], told[-1][1]) == (3, 5)
    assert told[-1][0] <= 2


@pytest.mark.parametrize(
    "drain",
    [
        a_drain(*queued(2), policy=ONE_AT_A_TIME, pauses=(Pause(Order("kim", NOON), True),)),
        a_drain(*queued(2), policy=Policy(maintenance=Hold())),
    ],
)
def test_where_nobody_can_know_nothing_is_drawn(drain: Drain) -> None:
    made = forecast(drain, looked(2), known(), NOON)
    assert made is not None
    assert (made.course, made.whole.at) == ((), None)


def test_a_forecast_is_read_as_it_was_written_and_an_older_one_has_no_course() -> None:
    made = forecast(a_drain(*queued(6), policy=ONE_AT_A_TIME), looked(10), known(), NOON)
    assert made is not None
    values = entities.entity_of_progress(Progress(), Tally(), made)
    read = entities.read_beside(Forecast, values)
    assert read == made
    assert isinstance(made.course[0], Later)
    assert packing.size_of(values) < 6_000
    older = values["forecast"].replace('"course"', '"something"')
    found = entities.read_beside(Forecast, {"forecast": older})
    assert found is not None
    assert (found.course, found.whole) == ((), made.whole)


def test_in_a_plan_each_host_has_an_end_of_its_own_in_turn() -> None:
    drain = a_drain(*queued(5), policy=ONE_AT_A_TIME)
    made, ends = of_each(drain, looked(5), known(), NOON)
    told = [ends[f"h{n}"].end.at for n in range(5)]
    assert all(told)
    assert told == sorted(told)  # type: ignore[type-var]
    assert told[0] is not None
    assert NOON + minutes(7) <= told[0] <= NOON + minutes(10)
    assert made.whole.at is not None
    assert abs(made.whole.at - (told[-1] or NOON)) <= minutes(1)
    assert ends["h0"].end.observations == 20
    starts = [ends[f"h{n}"].out_from for n in range(5)]
    assert starts[0] == NOON
    assert all(start and end and start < end for start, end in zip(starts, told, strict=True))


def test_in_a_plan_who_may_not_have_a_turn_is_told_so() -> None:
    window = Window(starts="11:00", ends="13:00", at_end=AtWindowEnd.FINISH)
    drain = a_drain(*queued(60), policy=replace(ONE_AT_A_TIME, window=window))
    _, ends = of_each(drain, looked(60), known(), NOON)
    assert ends["h0"].end.at is not None
    told = [turn for turn in ends.values() if turn.end.at is None]
    assert told
    assert {turn.out_from for turn in told} == {None}
    assert {turn.end.because for turn in told} == {"its turn may not come in time"}


def test_in_a_plan_without_a_past_the_policy_speaks_for_each_or_nobody_knows() -> None:
    drain = a_drain(*queued(2), policy=ONE_AT_A_TIME)
    _, ends = of_each(drain, looked(2), Past(), NOON)
    assert all("too little is remembered" in turn.end.because for turn in ends.values())
    _, ends = of_each(
        a_drain(*queued(2), policy=Policy(maintenance=Hold())), looked(2), Past(), NOON
    )
    assert {turn.end.at for turn in ends.values()} == {None}
    assert all("says so" in turn.end.because for turn in ends.values())


def test_times_are_whole_seconds_from_when_it_was_made() -> None:
    made = forecast(a_drain(*queued(3), policy=ONE_AT_A_TIME), looked(3), known(), NOON)
    assert made is not None
    assert made.whole.latest is not None
    assert made.made_at + seconds(made.course[-1].after) <= made.whole.latest
    assert timedelta(0) == seconds(made.course[0].after)
