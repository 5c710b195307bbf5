"""ISO 8601 durations."""

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from shared.core.values.durations import format_duration, parse_duration


@given(st.integers(0, 366 * 86400))
def test_what_is_written_is_read_as_the_same(seconds: int) -> None:
    duration = timedelta(seconds=seconds)
    assert parse_duration(format_duration(duration)) == duration


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("PT90S", timedelta(seconds=90)),
        ("PT1H30M", timedelta(minutes=90)),
        ("P1DT12H", timedelta(hours=36)),
        ("P2W", timedelta(days=14)),
        ("PT0.5S", timedelta(seconds=0.5)),
    ],
)
def test_usual_spellings_are_read(text: str, meant: timedelta) -> None:
    assert parse_duration(text) == meant


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1M", "P1Y", "1h", "PT1.5H", "-PT1H", "PT1H ", 90, None, True, "P367D",
     "PT" + "9" * 30 + "S", "PT99999999999999H", "P1DT", "PT\u0663M"],
)  # fmt: skip
def test_what_has_no_fixed_length_or_no_meaning_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)
