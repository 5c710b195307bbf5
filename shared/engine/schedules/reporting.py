"""Post the morning report of a schedule's run, until it is taken."""

from dataclasses import replace
from datetime import timedelta

from shared.core.host.outcome import Accepted, Gone, Refused, in_words
from shared.core.schedules.schedules import Run, RunState
from shared.engine.callbacks.strangers import answer_of
from shared.engine.world.outside import Outside
from shared.errors import ChangedError
from shared.ports import PostReport

GIVEN_UP_AFTER = timedelta(days=3)
SENT_FOR = timedelta(minutes=5)
"""So long the message for a report may take before the timer sends another."""


def to_be_told(run: Run) -> bool:
    return run.state is RunState.ENDED and bool(run.report_to) and not run.told


async def tell_report(outside: Outside, work: PostReport) -> None:
    """Post it once more, unless it has been taken."""
    found = await outside.moments.get(work.run)
    if found is None or not to_be_told(found[0]):
        return
    run, version = found
    key = f"{run.schedule}/{run.at.isoformat()}"
    outcome = await answer_of(outside.webhooks.post(run.report_to, dict(run.report or {}), key))
    now = outside.clock.now()
    after = replace(run, tries=run.tries + 1, try_at=None, told="taken")
    if not isinstance(outcome, Accepted):
        words = in_words(outcome)
        final = isinstance(outcome, Gone) or (isinstance(outcome, Refused) and outcome.final)
        if now > run.at + GIVEN_UP_AFTER:
            final = True
        pause = min(outside.options.pace.usual * 2 ** min(run.tries, 10), timedelta(hours=1))
        told = f"not taken: {words}" if final else ""
        after = replace(run, tries=run.tries + 1, try_at=now + pause, told=told)
    try:
        await outside.moments.replace(work.run, after, version)
    except ChangedError:
        return  # another instance posted it, too
