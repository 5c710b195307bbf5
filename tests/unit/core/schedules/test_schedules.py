"""The moments of schedules, whatever the clocks do, and what becomes of those that were missed."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from shared.core.schedules.schedules import (
    Missed,
    Run,
    RunState,
    Schedule,
    What,
    fault_of,
    occurrences,
    verdicts,
)
from shared.settings.settings import SettingsError, load
from shared.wire import calendars
from tests.support.builders import POOL
from tests.unit.settings.test_settings import GOOD

BERLIN = "Europe/Berlin"
REQUEST = {"hostPool": POOL.resource_id, "hosts": "all", "reason": "nightly"}
HOLIDAYS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//contoso//holidays//EN
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20201225
DTEND;VALUE=DATE:20201227
RRULE:FREQ=YEARLY
SUMMARY:Christmas
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART:20261231T180000Z
DTEND:20261231T220000Z
SUMMARY:Party
END:VEVENT
END:VCALENDAR
"""


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(moments: tuple[datetime, ...], zone: str = BERLIN) -> list[str]:
    return [f"{at.astimezone(ZoneInfo(zone)):%m-%d %H:%M%z}" for at in moments]


def a_schedule(**more: Any) -> Schedule:
    given_ = {"cron": "30 2 * * *", "zone": BERLIN, "what": What.DRAIN, "request": "{}"} | more
    return Schedule("nightly", **given_)


def test_a_run_in_the_hour_that_comes_twice_happens_once() -> None:
    moments = occurrences("30 2 * * *", BERLIN, utc("2026-10-24T12:00"), utc("2026-10-26T12:00"))
    assert local(moments) == ["10-25 02:30+0200", "10-26 02:30+0100"]


def test_a_run_in_the_hour_that_does_not_come_happens_once_when_the_clock_has_moved() -> None:
    moments = occurrences("30 2 * * *", BERLIN, utc("2026-03-28T12:00"), utc("2026-03-30T12:00"))
    assert local(moments) == ["03-29 03:00+0200", "03-30 02:30+0200"]


def test_half_hour_zones_and_leap_days() -> None:
    moments = occurrences(
        "0 1 * * *", "Asia/Kolkata", utc("2026-06-01T00:00"), utc("2026-06-02T00:00")
    )
    assert moments == (utc("2026-06-01T19:30"),)
    leaps = occurrences("0 0 29 2 *", "UTC", utc("2026-01-01T00:00"), utc("2033-01-01T00:00"))
    assert [at.year for at in leaps] == [2028, 2032]
    lord_howe = occurrences(
        "15 2 * * *", "Australia/Lord_Howe", utc("2026-04-03T00:00"), utc("2026-04-06T00:00")
    )
    assert len(lord_howe) == 3  # its clocks are put back by half an hour on 5 April


ZONES = [
    BERLIN,
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "UTC",
]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ZONES), st.integers(0, 23), st.integers(0, 59), st.integers(0, 1000))
def test_a_daily_run_comes_once_on_each_day_of_the_year(
    zone: str, hour: int, minute: int, first: int
) -> None:
    begin = utc("2026-01-01T12:00") + timedelta(days=first)
    moments = occurrences(f"{minute} {hour} * * *", zone, begin, begin + timedelta(days=365))
    days = [at.astimezone(ZoneInfo(zone)).date() for at in moments]
    assert len(days) == len(set(days))
    assert 364 <= len(days) <= 366
    assert all(b - a == timedelta(days=1) for a, b in pairwise(days))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(ZONES), st.integers(1, 400), st.integers(1, 400))
def test_looking_in_pieces_finds_the_same_moments_as_looking_once(
    zone: str, a: int, b: int
) -> None:
    begin = utc("2026-03-01T00:00")
    middle, end = begin + timedelta(hours=a), begin + timedelta(hours=a + b)
    pieces = (
        *occurrences("15 */5 * * *", zone, begin, middle),
        *occurrences("15 */5 * * *", zone, middle, end),
    )
    assert pieces == occurrences("15 */5 * * *", zone, begin, end)


@pytest.mark.parametrize(
    "cron", ["", "* * * *", "61 * * * *", "0 0 31 2 *", "* * * * * *", "x y z a b"]
)
def test_what_is_no_cron_expression_is_told(cron: str) -> None:
    assert fault_of(cron)
    assert not fault_of("0 22 * * 1-5")


def verdict(schedule: Schedule, *moments: datetime, now: datetime) -> list[Run]:
    return list(verdicts(schedule, moments, now, {}))


def test_the_moment_that_has_just_passed_is_run() -> None:
    at = utc("2026-11-24T01:30")
    [run] = verdict(a_schedule(), at, now=at + timedelta(seconds=20))
    assert (run.state, run.at) == (RunState.STARTING, at)


def test_of_several_missed_ones_the_last_is_run_late_and_the_others_are_skipped() -> None:
    moments = [utc("2026-11-24T01:30") + timedelta(minutes=n) for n in (0, 10, 20)]
    runs = verdict(a_schedule(), *moments, now=utc("2026-11-24T02:00"))
    assert [run.state for run in runs] == [RunState.SKIPPED, RunState.SKIPPED, RunState.STARTING]
    assert "a later one came" in runs[0].text


@pytest.mark.parametrize(
    ("more", "said"),
    [({"late_within": timedelta(hours=1)}, "too late to run"), ({"missed": Missed.SKIP}, "are skipped"),
     ({"enabled": False, "late_within": timedelta(days=1)}, "not enabled"),
     ({"except_dates": (date(2026, 11, 24),), "late_within": timedelta(days=1)}, "is left out")],
)  # fmt: skip
def test_why_a_moment_is_not_run(more: dict[str, Any], said: str) -> None:
    at = utc("2026-11-24T01:30")
    [run] = verdict(a_schedule(**more), at, now=at + timedelta(hours=3))
    assert run.state is RunState.SKIPPED
    assert said in run.text


def test_a_timer_that_is_a_little_late_has_missed_nothing() -> None:
    at = utc("2026-11-24T01:30")
    [run] = verdict(a_schedule(missed=Missed.SKIP), at, now=at + timedelta(minutes=3))
    assert run.state is RunState.STARTING


def test_the_days_of_a_calendar_with_their_names() -> None:
    found = calendars.days(HOLIDAYS, date(2026, 12, 20), date(2026, 12, 31))
    assert found == {
        date(2026, 12, 25): "Christmas", date(2026, 12, 26): "Christmas", date(2026, 12, 31): "Party",
    }  # fmt: skip
    at = utc("2026-12-25T01:30")
    [run] = verdicts(a_schedule(), [at], at, found)
    assert (run.state, run.text) == (RunState.SKIPPED, "2026-12-25 is left out: Christmas")


@pytest.mark.parametrize("text", ["x", "BEGIN:VCALENDAR\nEND:VCALENDAR", "BEGIN:VEVENT"])
def test_what_is_no_calendar_is_told(text: str) -> None:
    assert calendars.fault_of(text)
    assert not calendars.fault_of(HOLIDAYS)


def test_schedules_may_stand_in_the_settings_and_all_their_faults_are_told() -> None:
    good = {"nightly": {"cron": "0 22 * * *", "timeZone": BERLIN, "drain": REQUEST}}
    [schedule] = load(GOOD | {"SCHEDULES": json.dumps(good)}).schedules
    assert (schedule.name, schedule.zone, schedule.from_file) == ("nightly", BERLIN, True)
    bad = {
        "Bad Name": {"cron": "0 22 * * *", "drain": REQUEST},
        "b": {"cron": "nonsense", "timeZone": "Moon/Base", "drain": REQUEST, "campaign": None},
        "c": {"cron": "0 22 * * *"},
    }
    with pytest.raises(SettingsError) as told:
        load(GOOD | {"SCHEDULES": json.dumps(bad)})
    for part in ("'Bad Name'", "cron: five fields", "Moon/Base", "either 'drain' or 'campaign'"):
        assert part in str(told.value)


def test_a_scheduled_policy_that_cannot_be_meant_stops_the_app() -> None:
    policy = {"atDeadline": "signOut", "deadline": "PT5M", "warnAtLeast": "PT1H"}
    told = {"nightly": {"cron": "0 22 * * *", "drain": REQUEST | {"policy": policy}}}
    with pytest.raises(SettingsError, match=r"'nightly', drain\.policy\.warnAtLeast"):
        load(GOOD | {"SCHEDULES": json.dumps(told)})
    told = {"nightly": {"cron": "0 22 * * *", "drain": REQUEST, "reportTo": "https://x.example"}}
    with pytest.raises(SettingsError, match="'nightly', reportTo"):
        load(GOOD | {"SCHEDULES": json.dumps(told)})
