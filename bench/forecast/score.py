"""What forecasts were worth: how far off they were, and how often the truth lay in the range."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from bench.forecast.weeks import Course, Said

LOOK = timedelta(minutes=1)
"""An end is seen with a look, and told in whole minutes."""


@dataclass(frozen=True, slots=True)
class Score:
    """Minutes off, in the median: of the forecast, of the deadline plus what it took last time, and of as long
    as the last drain took. ``inside``: the share of ends in the range. ``unknown``: of forecasts that said that
    nobody can know; the others count."""

    number: int
    unknown: float
    error: float | None
    simple: float | None
    last: float | None
    inside: float | None
    width: float | None
    """Minutes between the earliest and the latest."""


def score(pairs: Iterable[tuple[Course, Said]]) -> Score:
    told = list(pairs)
    known = [(c, s) for c, s in told if s.expected.at is not None]
    off, simple, last, inside, width = [], [], [], [], []
    for course, said in known:
        expected = said.expected
        if expected.at is None or expected.earliest is None or expected.latest is None:
            raise ValueError("a time without a range")
        off.append(_minutes(expected.at - course.ended))
        simple.append(_minutes(said.simple - course.ended))
        if course.last is not None:
            last.append(_minutes(max(course.began + course.last, said.at) - course.ended))
        inside.append(expected.earliest - LOOK <= course.ended <= expected.latest + LOOK)
        width.append(_minutes(expected.latest - expected.earliest))
    return Score(
        len(told), 1 - len(known) / len(told) if told else 0.0, _median(off), _median(simple),
        _median(last), sum(inside) / len(inside) if inside else None, _median(width),
    )  # fmt: skip


def at_first(courses: Iterable[Course]) -> list[tuple[Course, Said]]:
    """What was said first of each."""
    return [(each, each.said[0]) for each in courses if each.said]


def on_the_way(courses: Iterable[Course]) -> list[tuple[Course, Said]]:
    """What was said of each when a quarter, a half and three quarters of its time were over."""
    found = []
    for each in courses:
        for share in (0.25, 0.5, 0.75):
            then = each.began + share * (each.ended - each.began)
            if (said := _by(each, then)) is not None:
                found.append((each, said))
    return found


def _by(course: Course, then: datetime) -> Said | None:
    return next((said for said in reversed(course.said) if said.at <= then), None)


def _minutes(off: timedelta) -> float:
    return abs(off.total_seconds()) / 60


def _median(values: Sequence[float]) -> float | None:
    return median(values) if values else None


def as_json(found: Score) -> dict[str, Any]:
    return {name: getattr(found, name) for name in Score.__slots__}
