"""When it will be done: what is known goes in, an end and a range come out; what nobody can know says so."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.core.drain.expected import LATER, Basis, Expected
from shared.core.drain.model import Drain
from shared.core.forecast.forecast import forecast, is_due, of_host
from shared.core.forecast.leaving import Stay, with_stays
from shared.core.forecast.past import Past
from shared.core.forecast.queue import MOST_DRAWS, plays_of
from shared.core.forecast.stages import Ahead
from shared.core.host.host import Ending, HostRecord, MaintenanceRecord, Wait
from shared.core.host.orders import Extension, Order, Pause
from shared.core.host.phases import Phase
from shared.core.host.sessions import SessionRecord
from shared.core.host.status import Status
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.none import NoMaintenance
from shared.core.maintenance.restart import Restart
from shared.core.maintenance.webhook import Webhook
from shared.core.policy.policy import Amount, AtDeadline, Policy
from shared.core.values.window import AtWindowEnd, Window
from tests.support.builders import NOON, a_drain, a_host, a_look, minutes, seen_host

ORDER = Order("kim", NOON, "lunch")
EAGER = Policy(maintenance=NoMaintenance(), at_deadline=AtDeadline.SIGN_OUT)


def known(*, stays: int = 100, leave: float = 20.0, restart: float = 5.0, number: int = 20) -> Past:
    """A pool whose users left after ``leave`` minutes, and whose hosts restarted in ``restart``."""
    past = Past()
    for _ in range(number):
        past = past.with_kind("restart", minutes(restart))
        past = replace(past, back=past.back.with_one(minutes(2)))
        past = replace(past, settling=past.settling.with_one(minutes(1)))
    since = NOON - timedelta(days=7)
    stayed = [Stay(since, since + minutes(leave), ended=True)] * stays
    return replace(past, leaving=with_stays(past.leaving, stayed, "UTC"))


def draining(key: str = "a", sessions: int = 1, **more: object) -> HostRecord:
    there = tuple(
        SessionRecord(str(n), f"user{n}@x.example", NOON, "Active", NOON) for n in range(sessions)
    )
    host = a_host(key, Phase.DRAINING, effective_at=NOON, sessions_count=sessions)
    return replace(host, sessions=there, **more)  # type: ignore[arg-type]


def said(drain: Drain, past: Past, now: datetime = NOON) -> Expected:
    looked = a_look(*(seen_host(h.key, drained=h.phase is not Phase.QUEUED) for h in drain.hosts))
    found = forecast(drain, looked, past, now)
    assert found is not None
    return found.whole


def minutes_of(told: Expected) -> tuple[float, float, float]:
    assert told.earliest is not None
    assert told.at is not None
    assert told.latest is not None
    low, middle, high = ((at - NOON) / minutes(1) for at in (told.earliest, told.at, told.latest))
    return low, middle, high


def test_a_host_takes_what_hosts_of_its_pool_took() -> None:
    told = said(a_drain(a_host("a", Phase.EMPTY), policy=Policy(maintenance=Restart())), known())
    low, middle, high = minutes_of(told)
    assert low <= middle <= high
    assert 7 <= middle <= 10  # a minute, five, and two
    assert (told.basis, told.observations) == (Basis.PAST, 20)


def test_what_has_lasted_longer_than_most_is_expected_later() -> None:
    begun = MaintenanceRecord(begun_at=NOON)
    host = a_host("a", Phase.MAINTAINING, maintenance=begun)
    drain = a_drain(host, policy=Policy(maintenance=Restart()))
    ends = [minutes_of(said(drain, known(), NOON + minutes(m)))[1] for m in (0, 4, 9)]
    assert ends == sorted(ends)
    assert ends[-1] > 9


def test_users_who_left_late_before_are_waited_for_longer() -> None:
    policy = replace(EAGER, at_deadline=AtDeadline.WAIT)
    soon = minutes_of(said(a_drain(draining(), policy=policy), known(leave=6)))[1]
    late = minutes_of(said(a_drain(draining(), policy=policy), known(leave=90)))[1]
    assert soon < late


def test_many_users_take_longer_than_one() -> None:
    policy = replace(EAGER, at_deadline=AtDeadline.WAIT)
    one = minutes_of(said(a_drain(draining(sessions=1), policy=policy), known()))[1]
    ten = minutes_of(said(a_drain(draining(sessions=10), policy=policy), known()))[1]
    assert one < ten


def test_the_deadline_bounds_what_users_do() -> None:
    policy = replace(EAGER, deadline=minutes(10))
    told = said(a_drain(draining(sessions=5), policy=policy), known(leave=300))
    assert minutes_of(told)[2] <= 22


def test_more_time_for_users_moves_the_end() -> None:
    policy = replace(EAGER, deadline=minutes(10))
    short = a_drain(draining(sessions=5), policy=policy)
    control = replace(short.control, extensions=(Extension(ORDER, minutes(60), frozenset()),))
    long = replace(short, control=control)
    past = known(leave=300)
    assert minutes_of(said(long, past))[1] > minutes_of(said(short, past))[1] + 30


def test_without_a_past_the_policy_speaks_and_says_so() -> None:
    told = said(a_drain(draining(), policy=replace(EAGER, deadline=minutes(30))), Past())
    assert told.basis is Basis.POLICY
    assert told.observations == 0
    assert "too little is remembered" in told.because
    low, middle, high = minutes_of(told)
    assert low <= 1
    assert 30 <= middle <= high <= 45


@pytest.mark.parametrize(
    ("drain", "why"),
    [
        (a_drain(draining(), policy=Policy(maintenance=NoMaintenance())), "as long as they take"),
        (a_drain(a_host("a", Phase.EMPTY), policy=Policy(maintenance=Hold())), "says so"),
        (
            a_drain(a_host("a", Phase.EMPTY), policy=Policy(maintenance=Webhook(url="https://x"))),
            "webhook says so",
        ),
        (a_drain(draining(), pauses=(Pause(ORDER, stop_clocks=True),)), "paused by kim"),
        (a_drain(a_host(wait=Wait("condition", "the change window", NOON, NOON))), "change window"),
        (a_drain(a_host("a", Phase.RESTORING, trouble="refused")), "cannot be restored yet"),
    ],
)
def test_what_nobody_can_know_is_not_guessed(drain: Drain, why: str) -> None:
    told = said(drain, Past())
    assert (told.at, told.earliest, told.latest, told.basis) == (None, None, None, Basis.NONE)
    assert why in told.because


def test_a_drain_that_has_ended_has_no_expected_end() -> None:
    drain = a_drain(a_host("a", Phase.DONE))
    ended = replace(drain, progress=replace(drain.progress, status=Status.SUCCEEDED))
    assert forecast(ended, a_look(seen_host()), known(), NOON) is None
    ahead = Ahead(ended.control, known(), NOON)
    assert of_host(ahead, ended.hosts[0], None) is None


def test_the_fewer_may_be_out_at_once_the_longer_it_takes() -> None:
    hosts = [a_host(f"h{n}", sessions_count=0) for n in range(12)]
    policy = Policy(maintenance=Restart(), max_unavailable=Amount(1))
    one = minutes_of(said(a_drain(*hosts, policy=policy), known()))[1]
    four = minutes_of(
        said(a_drain(*hosts, policy=replace(policy, max_unavailable=Amount(4))), known())
    )[1]
    assert one > 3 * four
    assert 12 * 7 <= one <= 12 * 10


def test_each_batch_waits_for_the_one_before() -> None:
    hosts = [a_host(f"h{n}", sessions_count=0) for n in range(13)]
    policy = Policy(maintenance=Restart(), max_unavailable=Amount(100, percent=True))
    whole = minutes_of(said(a_drain(*hosts, policy=policy), known()))[1]
    policy = replace(policy, canary=True, batches=(Amount(6),))
    staged = minutes_of(said(a_drain(*hosts, policy=policy), known()))[1]
    assert 2 * whole < staged < 3 * whole  # one alone is sooner back than the last of six


def test_a_closed_window_is_waited_for() -> None:
    window = Window(starts="20:00", ends="23:00", at_end=AtWindowEnd.FINISH)
    drain = a_drain(a_host(sessions_count=0), policy=Policy(maintenance=Restart(), window=window))
    low, middle, _ = minutes_of(said(drain, known()))
    assert low >= 8 * 60
    assert 8 * 60 + 7 <= middle <= 8 * 60 + 12


def test_who_does_not_fit_into_the_window_is_left_at_its_end() -> None:
    window = Window(starts="11:00", ends="13:00", at_end=AtWindowEnd.FINISH)
    hosts = [a_host(f"h{n}", sessions_count=0) for n in range(60)]
    drain = a_drain(*hosts, policy=Policy(maintenance=Restart(), window=window))
    assert minutes_of(said(drain, known()))[2] <= 75


def test_who_carries_over_goes_on_in_the_next_window() -> None:
    window = Window(starts="11:00", ends="13:00", at_end=AtWindowEnd.CARRY_OVER)
    hosts = [a_host(f"h{n}", sessions_count=0) for n in range(10)]
    drain = a_drain(*hosts, policy=Policy(maintenance=Restart(), window=window))
    assert minutes_of(said(drain, known(restart=14)))[1] >= 23 * 60


def test_a_host_that_waits_is_told_of_with_the_others_that_wait() -> None:
    hosts = [a_host(f"h{n}", sessions_count=0) for n in range(8)]
    drain = a_drain(*hosts, policy=Policy(maintenance=Restart()))
    looked = a_look(*(seen_host(h.key) for h in hosts))
    made = forecast(drain, looked, known(), NOON)
    assert made is not None
    told = of_host(Ahead(drain.control, known(), NOON), hosts[0], made)
    assert told is not None
    assert told.at is not None
    assert made.whole.at is not None
    assert told.at < made.whole.at
    assert "place in the queue" in told.because


def test_a_need_for_attention_is_told_with_it() -> None:
    failed = Ending(Phase.FAILED, "Unhealthy", "not well", attention=True)
    hosts = (a_host("a", Phase.FAILED, ending=failed), a_host("b", Phase.EMPTY))
    told = said(a_drain(*hosts, policy=Policy(maintenance=Restart())), known())
    assert "1 host in need of a person" in told.because


def test_what_was_expected_earlier_than_now_is_told_as_later() -> None:
    told = said(a_drain(a_host("a", Phase.EMPTY), policy=Policy(maintenance=Restart())), known())
    assert told.as_of(NOON) == told
    late = told.as_of(NOON + minutes(63))
    assert late.at == NOON + minutes(65)
    assert LATER in late.because
    assert late.earliest is not None
    assert late.latest is not None
    assert NOON + minutes(63) <= late.earliest <= late.at <= late.latest
    assert told.as_of(NOON + minutes(61)) == late  # it does not change with each moment


def test_an_order_makes_a_forecast_anew_and_else_time_does() -> None:
    drain = a_drain(a_host("a", Phase.EMPTY), policy=Policy(maintenance=Restart()))
    made = forecast(drain, a_look(seen_host()), known(), NOON)
    kept = replace(drain, forecast=made)
    assert is_due(drain, NOON)
    assert not is_due(kept, NOON + minutes(0.5))
    assert is_due(kept, NOON + minutes(2))
    paused = replace(kept, control=replace(kept.control, pauses=(Pause(ORDER, stop_clocks=True),)))
    assert is_due(paused, NOON)


def test_it_is_made_anew_when_nobody_is_out_any_more_or_the_queue_waits_for_something_else() -> (
    None
):
    """Else a drain with no room for its next host would go on to tell of users who have left."""
    waiting = [a_host(f"h{n}", wait=Wait("turn", "its turn", NOON, NOON)) for n in range(2000)]
    drain = a_drain(draining(), *waiting)
    looked = a_look(seen_host("a", drained=True), *(seen_host(h.key) for h in waiting))
    kept = replace(drain, forecast=forecast(drain, looked, Past(), NOON))
    soon = NOON + minutes(0.5)
    assert not is_due(kept, soon)
    back = replace(kept, hosts=(a_host("a", Phase.DONE), *kept.hosts[1:]))
    assert is_due(back, soon)
    held = replace(waiting[0], wait=Wait("condition", "the change window", NOON, NOON))
    assert is_due(replace(kept, hosts=(kept.hosts[0], held, *kept.hosts[2:])), soon)
    assert is_due(kept, NOON + minutes(2))  # where nobody can know, a reason is soon told anew


def test_a_drain_of_ten_thousand_hosts_costs_no_more_than_so_many_draws() -> None:
    for hosts in (1, 10, 100, 1000):
        assert plays_of(hosts) * hosts <= MOST_DRAWS
    assert plays_of(10_000) == 5
