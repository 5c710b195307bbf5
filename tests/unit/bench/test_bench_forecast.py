"""What the bench says of forecasts follows from what was forecast and from when it truly ended."""

from datetime import timedelta
from pathlib import Path

import pytest

from bench.docs import DocsError
from bench.forecast.__main__ import PAGE, write_docs
from bench.forecast.score import at_first, on_the_way, score
from bench.forecast.weeks import Course, Said
from shared.core.drain.expected import Basis, Expected, unknown
from tests.support.builders import NOON, minutes


def said(at: float, low: float, middle: float, high: float, simple: float) -> Said:
    times = (NOON + minutes(middle), NOON + minutes(low), NOON + minutes(high))
    return Said(NOON + minutes(at), Expected(*times, Basis.PAST, 9, "so"), NOON + minutes(simple))


def test_a_forecast_is_held_to_the_true_end() -> None:
    good = Course("e", 4, NOON, NOON + minutes(60), [said(0, 50, 65, 80, 120)], timedelta(hours=2))
    late = Course("e", 5, NOON, NOON + minutes(60), [said(0, 80, 90, 99, 70)], timedelta(hours=1))
    found = score(at_first([good, late]))
    assert (found.number, found.unknown) == (2, 0.0)
    assert (found.error, found.simple, found.last) == (17.5, 35.0, 30.0)
    assert found.inside == 0.5


def test_what_nobody_can_know_is_counted_and_not_held_to_anything() -> None:
    course = Course("e", 4, NOON, NOON + minutes(60), [Said(NOON, unknown("paused"), NOON)])
    found = score(at_first([course]))
    assert (found.number, found.unknown, found.error, found.inside) == (1, 1.0, None, None)


def test_on_the_way_counts_what_was_said_last_by_then() -> None:
    course = Course("e", 4, NOON, NOON + minutes(100), [said(n, 0, n, 200, 0) for n in (0, 40, 60)])
    told = [each.at for _, each in on_the_way([course])]
    assert told == [NOON, NOON + minutes(40), NOON + minutes(60)]


def test_the_page_is_written_from_a_runs_file_only(tmp_path: Path) -> None:
    before = PAGE.read_text(encoding="utf-8")
    other = tmp_path / "run.json"
    other.write_text('{"nights": 3}', encoding="utf-8")
    with pytest.raises(DocsError, match="KeyError"):
        write_docs(other)
    assert PAGE.read_text(encoding="utf-8") == before
    assert before.count("off by") >= 4
