"""Maintenance windows, in their own time zone, also when the clocks change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from shared.core.admission.blockers import blocked
from shared.core.drain.model import Drain
from shared.core.host.host import Ending
from shared.core.host.orders import Order
from shared.core.host.phases import Phase
from shared.core.policy.policy import Policy
from shared.core.values.window import AtWindowEnd, Day, Window, current, following, passed_since
from tests.support.builders import (
    NOON,
    a_drain,
    a_host,
    a_look,
    a_session,
    look,
    minutes,
    only,
    seen_host,
)

BERLIN = "Europe/Berlin"
NIGHT = Window(starts="22:00", ends="05:00", time_zone=BERLIN)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)


def test_a_window_over_midnight_belongs_to_the_evening_on_which_it_begins() -> None:
    saturdays = Window((Day.SATURDAY,), "22:00", "05:00", BERLIN)
    assert current(saturdays, at("2026-11-28T23:00"), "UTC") is not None  # a Saturday
    assert current(saturdays, at("2026-11-29T04:59"), "UTC") is not None
    assert current(saturdays, at("2026-11-29T05:00"), "UTC") is None
    assert current(saturdays, at("2026-11-29T23:00"), "UTC") is None
    assert following(saturdays, at("2026-11-29T23:00"), "UTC").starts == at("2026-12-05T22:00")


def test_the_night_on_which_the_clock_is_put_forward_is_an_hour_shorter() -> None:
    span = current(NIGHT, at("2026-03-29T01:00"), "UTC")
    assert span is not None
    assert span.ends - span.starts == timedelta(hours=6)


def test_the_night_on_which_the_clock_is_put_back_is_an_hour_longer() -> None:
    span = current(NIGHT, at("2026-10-25T01:00"), "UTC")
    assert span is not None
    assert span.ends - span.starts == timedelta(hours=8)


def test_a_window_that_begins_in_the_hour_that_is_left_out_begins_when_the_clock_has_moved() -> (
    None
):
    window = Window(starts="02:30", ends="04:00", time_zone=BERLIN)
    span = current(window, datetime(2026, 3, 29, 1, 45, tzinfo=UTC), "UTC")
    assert span is not None
    assert span.starts == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 there


def test_a_zone_with_half_an_hour_and_a_leap_day() -> None:
    window = Window(starts="00:30", ends="01:30", time_zone="Asia/Kolkata")
    span = current(window, datetime(2028, 2, 28, 19, 15, tzinfo=UTC), "UTC")
    assert span is not None
    assert span.starts == datetime(2028, 2, 28, 19, 0, tzinfo=UTC)  # 29 February there


@given(st.integers(0, 3 * 366 * 24 * 60),
       st.sampled_from([BERLIN, "America/St_Johns", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu"]),
       st.sampled_from([("22:00", "05:00"), ("02:30", "03:30"), ("00:00", "00:00"), ("09:00", "17:00")]))  # fmt: skip
def test_a_window_is_open_or_the_next_one_is_within_two_days(
    minute: int, zone: str, hours: tuple[str, str]
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + minutes(minute)
    window = Window((), *hours, zone)
    span, onward = current(window, now, "UTC"), following(window, now, "UTC")
    assert now < onward.starts <= now + timedelta(days=2)
    if span is not None:
        assert span.starts <= now < span.ends <= onward.starts + timedelta(hours=1)


def test_whether_a_window_has_passed_since_something() -> None:
    noon, next_noon = at("2026-11-24T12:00"), at("2026-11-25T12:00")
    assert not passed_since(NIGHT, noon, at("2026-11-24T21:00"), "UTC")
    assert not passed_since(NIGHT, noon, at("2026-11-25T02:00"), "UTC")
    assert passed_since(NIGHT, noon, next_noon, "UTC")


def in_window(window: Window = NIGHT, asked: datetime = NOON) -> Drain:
    drain = a_drain(a_host("a"), a_host("b"), policy=Policy(window=window))
    order = Order("anna", asked, "patches")
    hosts = tuple(replace(host, since=asked) for host in drain.hosts)
    return replace(drain, control=replace(drain.control, asked=order), hosts=hosts)


def test_no_host_goes_out_before_its_window_opens_and_it_says_when() -> None:
    came = look(in_window(), a_look(seen_host("a"), seen_host("b"), at=NOON))
    assert {host.phase for host in came.drain.hosts} == {Phase.QUEUED}
    wait = came.drain.hosts[0].wait
    assert wait is not None
    assert (wait.code, "2026-11-23 22:00 CET" in wait.text) == ("window", True)


def test_a_host_goes_out_while_it_can_be_back_before_the_end() -> None:
    drain = in_window()
    early, late = at("2026-11-24T03:59"), at("2026-11-24T04:01")
    hosts = (seen_host("a"), seen_host("b"))
    assert blocked(drain.control, a_look(*hosts, at=early), early) is None
    held = blocked(drain.control, a_look(*hosts, at=late), late)
    assert held is not None
    assert "a host takes PT1H, and this window ends at 2026-11-24 05:00 CET" in held[1].text


def test_how_long_hosts_took_lately_counts_once_it_is_known() -> None:
    drain, late = in_window(), at("2026-11-24T04:30")
    took = {"a": minutes(20), "c": minutes(25)}
    assert blocked(drain.control, a_look(seen_host("a"), at=late, took=took), late) is None
    took["c"] = minutes(31)
    assert blocked(drain.control, a_look(seen_host("a"), at=late, took=took), late) is not None


@pytest.mark.parametrize(
    ("at_end", "phase", "code"),
    [(AtWindowEnd.FINISH, Phase.DRAINING, ""), (AtWindowEnd.RESTORE, Phase.RESTORING, "WindowEnded"),
     (AtWindowEnd.CARRY_OVER, Phase.RESTORING, "CarriedOver")],
)  # fmt: skip
def test_what_becomes_of_a_host_whose_users_are_still_there_at_the_end(
    at_end: AtWindowEnd, phase: Phase, code: str
) -> None:
    window = Window(starts="22:00", ends="05:00", time_zone=BERLIN, at_end=at_end)
    host = a_host("a", Phase.DRAINING)
    drain = a_drain(host, policy=Policy(window=window, deadline=timedelta(days=1)))
    now = at("2026-11-24T05:00")
    seen = a_look(seen_host("a", drained=True), at=now, sessions=[a_session("a")])
    came = only(look(drain, seen))
    assert came.phase is phase
    assert (came.ending.code if came.ending else "") == code


@pytest.mark.parametrize("at_end", [AtWindowEnd.FINISH, AtWindowEnd.RESTORE])
def test_what_has_not_begun_when_the_window_has_ended_is_left_alone(at_end: AtWindowEnd) -> None:
    window = Window(starts="22:00", ends="05:00", time_zone=BERLIN, at_end=at_end)
    now = at("2026-11-24T05:01")
    came = look(in_window(window), a_look(seen_host("a"), seen_host("b"), at=now))
    assert {host.phase for host in came.drain.hosts} == {Phase.CANCELED}
    assert {host.ending.code for host in came.drain.hosts if host.ending} == {"WindowEnded"}


def test_or_goes_on_in_the_next_window_for_as_long_as_the_policy_says() -> None:
    window = Window(starts="22:00", ends="05:00", time_zone=BERLIN, at_end=AtWindowEnd.CARRY_OVER)
    hosts = (seen_host("a"), seen_host("b"))
    for days, phase in ((3, Phase.QUEUED), (8, Phase.CANCELED)):
        now = NOON + timedelta(days=days)
        came = look(in_window(window), a_look(*hosts, at=now))
        assert {host.phase for host in came.drain.hosts} == {phase}


def test_a_host_that_is_carried_over_begins_afresh() -> None:
    window = Window(starts="22:00", ends="05:00", time_zone=BERLIN, at_end=AtWindowEnd.CARRY_OVER)
    ending = Ending(Phase.QUEUED, "CarriedOver", "its window has ended")
    host = a_host("a", Phase.RESTORING, ending=ending, restored_at=NOON)
    now = at("2026-11-24T05:10")
    came = look(a_drain(host, policy=Policy(window=window)), a_look(seen_host("a"), at=now))
    fresh = only(came)
    assert (fresh.phase, fresh.before, fresh.out_at, fresh.ending) == (
        Phase.QUEUED,
        None,
        None,
        None,
    )
    assert fresh.wait is not None
    assert fresh.wait.code == "window"
