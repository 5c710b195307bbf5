"""Posts the report of a schedule's run, until it is accepted."""

from contextlib import suppress

from shared.core.schedules.runs import posted, to_be_told
from shared.engine.callbacks.strangers import answer_of
from shared.engine.world.outside import Outside
from shared.errors import ChangedError
from shared.ports import PostReport


async def tell_report(outside: Outside, work: PostReport) -> None:
    """Post the report of a run once, unless it was accepted already."""
    found = await outside.runs.get(work.run)
    if found is None or not to_be_told(found[0]):
        return
    run, version = found
    key = f"{run.schedule}/{run.at.isoformat()}"
    outcome = await answer_of(outside.webhooks.post(run.report_to, dict(run.report or {}), key))
    after = posted(run, outcome, outside.clock.now(), outside.options.pace)
    with suppress(ChangedError):  # another instance posted it, too
        await outside.runs.replace(work.run, after, version)
