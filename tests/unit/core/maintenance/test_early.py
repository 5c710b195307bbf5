"""When to begin what is announced long before."""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.core.events.early import MARGIN, begins, needs
from shared.core.maintenance.hold import Hold
from shared.core.maintenance.redeploy import Redeploy
from shared.core.policy.policy import Amount, Policy
from shared.core.values.window import Day, Window
from tests.support.builders import NOON

HOUR = timedelta(hours=1)
HELD = Policy(deadline=2 * HOUR, maintenance=Hold())
MOVED = Policy(deadline=2 * HOUR, maintenance=Redeploy(), max_unavailable=Amount(2))


def test_hosts_that_are_held_need_their_deadline_and_some_margin() -> None:
    assert needs(HELD, 5, HOUR) == 2 * HOUR + MARGIN
    assert begins(HELD, NOON, 1, None, "UTC")[0] == NOON - 2 * HOUR - MARGIN


def test_others_go_one_group_after_another_and_take_what_hosts_of_the_pool_took() -> None:
    assert needs(MOVED, 2, 3 * HOUR) == 5 * HOUR + MARGIN
    assert needs(MOVED, 5, 3 * HOUR) == 15 * HOUR + MARGIN
    assert needs(MOVED, 1, None) == 3 * HOUR + MARGIN


def in_window(window: Window, by: datetime = NOON) -> datetime:
    return begins(replace(HELD, window=window), by, 1, None, "UTC")[0]


def test_the_last_window_that_ends_before_is_taken() -> None:
    assert in_window(Window(starts="01:00", ends="04:00")) == NOON - 11 * HOUR
    assert in_window(Window(starts="10:00", ends="12:00")) == NOON - 2 * HOUR
    assert in_window(Window(starts="10:00", ends="13:00")) == NOON - 26 * HOUR
    weekly = Window((Day.SATURDAY,), starts="22:00", ends="05:00")
    assert in_window(weekly) == datetime.fromisoformat("2026-11-21T22:00:00+00:00")


def test_a_window_has_a_zone_of_its_own() -> None:
    window = Window(starts="01:00", ends="04:00", time_zone="Europe/Berlin")
    assert in_window(window) == NOON - 12 * HOUR
