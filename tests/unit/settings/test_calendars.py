"""iCalendar files from strangers: what they mean, and what is not taken, before anything of it costs."""

from datetime import date, datetime, time

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from hypothesis import given, settings, strategies as st

from shared.core.schedules import recurrence
from shared.settings.settings import SettingsError, load
from shared.wire import calendars
from tests.unit.core.schedules.test_schedules import REQUEST
from tests.unit.settings.test_settings import GOOD

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def calendar(*events: str) -> str:
    inside = "\n".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\n{inside}\nEND:VCALENDAR\n"


def found(*events: str) -> list[str]:
    text = calendar(*events)
    assert calendars.fault_of(text) == ""
    return [f"{day:%m-%d}" for day in calendars.days(text, FIRST, LAST)]


HOSTILE = [
    ("DTSTART:20260101T000000Z\nRRULE:FREQ=SECONDLY", "finer than a day"),
    ("DTSTART:20260101T000000Z\nRRULE:FREQ=MINUTELY;COUNT=5", "finer than a day"),
    ("DTSTART:20260101T000000Z\nRRULE:FREQ=HOURLY", "finer than a day"),
    ("DTSTART:20260101T000000Z\nRRULE:freq=daily;byhour=1,2,3", "finer than a day"),
    ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;BYSECOND=1", "finer than a day"),
    ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;INTERVAL=0", "INTERVAL '0'"),
    ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;INTERVAL=-1", "INTERVAL '-1'"),
    ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;INTERVAL=99999999999999", "INTERVAL"),
    ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;COUNT=999999999", "COUNT"),
    ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY;COUNT=0", "COUNT"),
    ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYSETPOS=0", "BYSETPOS"),
    ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYSETPOS=99999", "BYSETPOS"),
    ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYMONTHDAY=" + ",".join(["1"] * 500), "400"),
    ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;FREQ=DAILY", "RRULE"),
    ("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=FORTNIGHTLY", "FREQ 'FORTNIGHTLY'"),
    ("DTSTART;VALUE=DATE:20260101\nRRULE:", "RRULE"),
    ("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:21991231", "lasts over"),
    ("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:99991231", "years from"),
    ("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20250101", "ends before it begins"),
    ("DTSTART;VALUE=DATE:20260101\nDURATION:P9999W", "lasts over"),
    ("DTSTART;VALUE=DATE:00010101", "years from"),
    ("DTSTART;VALUE=DATE:99991231", "years from"),
    ("DTSTART;VALUE=DATE:20260231", "day"),
    ("DTSTART:tomorrow", "no date"),
    ("SUMMARY:no start", "without DTSTART"),
    ("DTSTART;VALUE=DATE:20260101\nRDATE:" + ",".join(["20260102"] * 6000), "dates"),
    ("DTSTART;VALUE=DATE:20260101\nEXRULE:FREQ=SECONDLY", "EXRULE"),
    ("DTSTART;VALUE=DATE:20260101\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260101", "RANGE"),
    ("DTSTART;VALUE=DATE:20260101\n" + "RRULE:FREQ=DAILY\n" * 600, "rules"),
]


@pytest.mark.parametrize(("event", "said"), HOSTILE)
def test_what_cannot_be_expanded_within_bounds_is_told_and_not_expanded(
    event: str, said: str
) -> None:
    text = calendar(event)
    assert said in calendars.fault_of(text)
    with pytest.raises(ValueError, match=r"."):
        calendars.days(text, FIRST, LAST)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 12_000, "do not belong"),
        (calendar(*["DTSTART;VALUE=DATE:20260101"] * 2500), "2500 events"),
        ("x" * 300_000, "200000 characters"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR", "without its BEGIN"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101", "END:VCALENDAR"),
        (calendar(*["DTSTART;VALUE=DATE:19000101\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31;COUNT=9"] * 400),
         "too long to follow"),
        ("", "END:VCALENDAR"),
    ],
)  # fmt: skip
def test_a_file_that_is_too_large_too_deep_or_broken_is_told(text: str, said: str) -> None:
    assert said in calendars.fault_of(text)


def test_every_fault_of_every_event_is_told_and_which_event_it_is() -> None:
    text = calendar(
        "DTSTART:20260101\nRRULE:FREQ=HOURLY\nRDATE:tomorrow",
        "DTSTART:20260102",
        "DTSTART:20260231\nDTEND:20260303\nEXDATE:x",
        "SUMMARY:never\nDURATION:long",
    )
    assert calendars.fault_of(text).split("; ") == [
        "event 1: RRULE: rules finer than a day are not taken",
        "event 1: RDATE: 'tomorrow' is no date",
        "event 3: DTSTART: '20260231' is no day of the calendar",
        "event 3: EXDATE: 'x' is no date",
        "event 4: an event without DTSTART",
    ]


def test_of_a_file_of_many_faults_the_first_are_told_and_how_many_more_there_are() -> None:
    told = calendars.fault_of(calendar(*["SUMMARY:never"] * 30))
    assert told.endswith("event 20: an event without DTSTART; and 10 more faults")


def test_a_rule_that_never_comes_ends_with_the_range() -> None:
    rule = recurrence.read("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30,31")
    assert list(recurrence.days(rule, date(2000, 2, 1), FIRST, LAST)) == []


def test_zones_of_a_file_are_not_expanded() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Mine\nBEGIN:STANDARD\nDTSTART:16010101T000000\n"
        "RRULE:FREQ=SECONDLY\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    event = "BEGIN:VEVENT\nDTSTART;TZID=Mine:20260504T230000\nDTEND;TZID=Mine:20260505T010000\nEND:VEVENT\n"
    text = f"BEGIN:VCALENDAR\n{zone}{event}END:VCALENDAR"
    assert calendars.fault_of(text) == ""
    assert [str(day) for day in calendars.days(text, FIRST, LAST)] == ["2026-05-04", "2026-05-05"]


def test_what_a_file_means() -> None:
    assert found("DTSTART;VALUE=DATE:20200103\nRRULE:FREQ=YEARLY") == ["01-03"]
    assert found("DTSTART;VALUE=DATE:20200103\nDTEND;VALUE=DATE:20200105\nRRULE:FREQ=YEARLY") == [
        "01-03", "01-04",
    ]  # fmt: skip
    assert found("DTSTART:20260103T220000\nDURATION:PT4H") == ["01-03", "01-04"]
    assert found("DTSTART:20260103T220000\nDURATION:PT2H") == ["01-03"]
    assert found("DTSTART:20260103T220000Z\nDTEND:20260104T000000Z") == ["01-03"]
    assert found("DTSTART;VALUE=DATE:20260103\nRDATE;VALUE=DATE:20260201,20260301") == [
        "01-03", "02-01", "03-01",
    ]  # fmt: skip
    every_monday = "DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=WEEKLY;UNTIL=20260120\nUID:a"
    assert found(every_monday) == ["01-05", "01-12", "01-19"]
    assert found(f"{every_monday}\nEXDATE;VALUE=DATE:20260112") == ["01-05", "01-19"]
    moved = "DTSTART;VALUE=DATE:20260114\nRECURRENCE-ID;VALUE=DATE:20260112\nUID:a"
    assert found(every_monday, moved) == ["01-05", "01-14", "01-19"]
    assert found("DTSTART;VALUE=DATE:20251126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH") == ["11-26"]
    folded = 'DTSTART;VALUE=DATE:2026\n 0103\nSUMMARY;X="a:b;c":New\\, year'
    assert calendars.days(calendar(folded), FIRST, LAST) == {date(2026, 1, 3): "New, year"}


RULES = st.builds(
    lambda frequency, interval, months, days, count: ";".join(
        [f"FREQ={frequency}", f"INTERVAL={interval}"]
        + ([f"BYMONTH={','.join(map(str, months))}"] if months else [])
        + ([f"BYDAY={','.join(days)}"] if days else [])
        + ([f"COUNT={count}"] if count else [])
    ),
    st.sampled_from(recurrence.FREQUENCIES),
    st.integers(1, 4),
    st.lists(st.integers(1, 12), max_size=3, unique=True),
    st.lists(st.sampled_from(["MO", "WE", "SU"]), max_size=2, unique=True),
    st.none() | st.integers(1, 20),
)


@settings(max_examples=150, deadline=None)
@given(RULES, st.dates(date(2020, 1, 1), date(2025, 12, 31)))
def test_a_rule_comes_on_the_days_on_which_a_known_library_has_it_come(
    rule: str, start: date
) -> None:
    theirs: list[date] = []
    for at in rrulestr(rule, dtstart=datetime.combine(start, time())):
        if at.date() > LAST or len(theirs) > 5000:
            break
        theirs.append(at.date())
    if "COUNT" in rule and start not in theirs:
        return  # whether a first day that the rule does not name is counted is not agreed upon
    ours = recurrence.days(recurrence.read(rule), start, FIRST, LAST)
    assert list(ours) == [day for day in theirs if FIRST <= day <= LAST]


def test_the_settings_take_the_same_path() -> None:
    bad = calendar("DTSTART:20260101T000000Z\nRRULE:FREQ=SECONDLY")
    told = f'{{"nightly": {{"cron": "0 22 * * *", "exceptCalendar": {bad!r}, "drain": {REQUEST}}}}}'
    told = told.replace("'", '"')
    with pytest.raises(SettingsError, match="finer than a day"):
        load(GOOD | {"SCHEDULES": told})
