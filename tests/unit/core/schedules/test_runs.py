"""What becomes of a schedule's run."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.core.drain.retry import GIVEN_UP_AFTER, LONGEST_PAUSE
from shared.core.host.outcome import Accepted, Gone, Refused
from shared.core.schedules.runs import (
    due_to_be_told,
    not_begun,
    posted,
    run_key,
    runs_of,
    seen_to_since,
    to_be_told,
)
from shared.core.schedules.schedules import Run, RunState, Schedule, What
from tests.support.builders import NOON, PACE, minutes

AWAY = Refused("no answer", final=False)


def a_schedule(**more: Any) -> Schedule:
    given: dict[str, Any] = {
        "cron": "0 12 * * *",
        "zone": "UTC",
        "what": What.DRAIN,
        "request": "{}",
    }
    return Schedule("nightly", **given | more)


def ended(**more: Any) -> Run:
    return Run("nightly", NOON, RunState.ENDED, report_to="https://reports.example", **more)


def test_the_newest_run_is_listed_first() -> None:
    assert run_key("nightly", NOON + minutes(1)) < run_key("nightly", NOON)


def test_a_schedule_counts_from_its_making_but_no_further_back_than_a_day() -> None:
    assert seen_to_since(a_schedule(changed_at=NOON - minutes(5)), NOON) == NOON - minutes(5)
    long_ago = a_schedule(changed_at=NOON - timedelta(days=9))
    assert seen_to_since(long_ago, NOON) == NOON - timedelta(days=1)
    assert seen_to_since(a_schedule(changed_at=NOON + minutes(1)), NOON) == NOON


def test_nothing_is_begun_while_the_calendar_cannot_be_read() -> None:
    [run] = runs_of(a_schedule(), (NOON,), NOON, {}, "no such file")
    assert (run.state, "no such file" in run.text) == (RunState.REFUSED, True)
    [run] = runs_of(a_schedule(enabled=False), (NOON,), NOON, {}, "no such file")
    assert run.state is RunState.SKIPPED
    [run] = runs_of(a_schedule(), (NOON,), NOON, {}, "")
    assert run.state is RunState.STARTING


def test_what_passes_is_tried_again_until_it_is_too_late() -> None:
    run = Run("nightly", NOON, RunState.STARTING)
    soon = not_begun(a_schedule(), run, "throttled", NOON + minutes(14), passing=True)
    assert (soon.state, soon.text) == (RunState.STARTING, "not yet: throttled")
    late = not_begun(
        a_schedule(late_within=minutes(5)), run, "throttled", NOON + minutes(16), passing=True
    )
    assert late.state is RunState.REFUSED
    final = not_begun(a_schedule(), run, "no such pool", NOON, passing=False)
    assert (final.state, final.text) == (RunState.REFUSED, "no such pool")


def test_a_report_is_posted_until_it_is_taken_with_longer_and_longer_pauses() -> None:
    run = ended()
    assert to_be_told(run)
    once = posted(run, AWAY, NOON, PACE)
    twice = posted(once, AWAY, NOON + minutes(1), PACE)
    assert (once.tries, twice.tries, twice.failing_since) == (1, 2, NOON)
    assert once.try_at is not None
    assert twice.try_at is not None
    assert twice.try_at - (NOON + minutes(1)) == 2 * (once.try_at - NOON)
    assert not due_to_be_told(once, NOON)
    assert due_to_be_told(once, once.try_at)
    taken = posted(twice, Accepted(), NOON + minutes(2), PACE)
    assert (taken.report_taken, to_be_told(taken)) == ("taken", False)


def test_a_report_is_given_up_when_its_receiver_says_so_or_is_away_for_days() -> None:
    for outcome in (Gone(), Refused("400", final=True)):
        assert posted(ended(), outcome, NOON, PACE).report_taken.startswith("not taken: ")
    away = replace(ended(), tries=90, failing_since=NOON)
    last = posted(away, AWAY, NOON + GIVEN_UP_AFTER - minutes(1), PACE)
    assert last.report_taken == ""
    assert last.try_at == NOON + GIVEN_UP_AFTER - minutes(1) + LONGEST_PAUSE
    assert posted(away, AWAY, NOON + GIVEN_UP_AFTER, PACE).report_taken.startswith("not taken: ")


def test_a_report_of_a_run_that_took_days_is_not_given_up_at_once() -> None:
    assert posted(ended(), AWAY, NOON + timedelta(days=30), PACE).report_taken == ""
