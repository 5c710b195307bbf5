"""How a schedule's run goes on: begun or not, ended, its report delivered or not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from shared.core.drain.retry import is_final, pause_after
from shared.core.host.outcome import Accepted, Outcome, in_words
from shared.core.schedules.schedules import FINAL, Run, RunState, Schedule, verdicts
from shared.core.values.pace import Pace

FIRST_LOOKS_BACK = timedelta(days=1)
"""A new schedule's planned times count from when it was made, but no further back than this."""
AT_LEAST_TRIED_FOR = timedelta(minutes=15)
"""A run that fails to begin for a passing reason is tried for at least this long."""
POSTED_WITHIN = timedelta(minutes=5)
"""How long the message for a report may take before the timer sends another."""
LONGEST_TEXT = 2000
"""Characters."""


def run_key(schedule: str, at: datetime) -> str:
    """The run's key. Newer runs of a schedule sort before older ones."""
    return f"{schedule}|{10**11 - int(at.timestamp()):012d}"


def seen_to_since(schedule: Schedule, now: datetime) -> datetime:
    """From when on the planned times of a schedule count that has never run."""
    return min(max(schedule.changed_at or now, now - FIRST_LOOKS_BACK), now)


def runs_of(
    schedule: Schedule,
    moments: tuple[datetime, ...],
    now: datetime,
    free: Mapping[date, str],
    unread: str,
) -> tuple[Run, ...]:
    """A run for each planned time in ``moments``. ``unread``: why the schedule's calendar cannot be
    read; then nothing begins, because it is not known whether a day is free. Empty if it can be
    read."""
    found = verdicts(schedule, moments, now, free)
    if not unread:
        return found
    text = f"its calendar cannot be read, so nothing is run: {unread}"[:LONGEST_TEXT]
    return tuple(
        replace(run, state=RunState.REFUSED, text=text) if run.state is RunState.STARTING else run
        for run in found
    )


def not_begun(schedule: Schedule, run: Run, why: str, now: datetime, *, passing: bool) -> Run:
    """The run after it failed to begin because of ``why``. ``passing``: it is tried again while it
    is not too late."""
    late = now - run.at > max(schedule.late_within, AT_LEAST_TRIED_FOR)
    if passing and not late:
        return replace(run, text=f"not yet: {why}"[:LONGEST_TEXT])
    return replace(run, state=RunState.REFUSED, text=why[:LONGEST_TEXT])


def to_be_told(run: Run) -> bool:
    """Whether its report must still be posted."""
    return run.state is RunState.ENDED and bool(run.report_to) and not run.report_taken


def is_under_way(run: Run) -> bool:
    """Whether something is still to be done about the run: it has not ended, or somebody is to be told of it."""
    return run.state not in FINAL or to_be_told(run) or run.untold


def due_to_be_told(run: Run, now: datetime) -> bool:
    """Whether its report must be posted now."""
    return to_be_told(run) and (run.try_at is None or run.try_at <= now)


def posted(run: Run, outcome: Outcome, now: datetime, pace: Pace) -> Run:
    """The run after one more try to post its report."""
    tries = run.tries + 1
    taken, since = isinstance(outcome, Accepted), run.failing_since or now
    if taken or is_final(outcome, since, now):
        said = "taken" if taken else f"not taken: {in_words(outcome)}"
        return replace(run, tries=tries, try_at=None, report_taken=said)
    return replace(run, tries=tries, try_at=now + pause_after(tries, pace), failing_since=since)
