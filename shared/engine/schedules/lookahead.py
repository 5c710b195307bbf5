"""Looks at schedules ahead of their next run, at those of the settings and those made over HTTP. So
a problem that arises in the estate between two runs is reported before the next run, not during it.
Findings are warnings only: they keep no run from being started."""

import asyncio
import hashlib
import json
import logging
from contextlib import suppress
from datetime import timedelta

from shared.core.schedules.schedules import FINAL, Looked, Schedule
from shared.engine.drains.trial import Trial, tried
from shared.engine.schedules.scheduling import FOLLOWED, schedules
from shared.engine.world.each import each, error_text
from shared.engine.world.outside import Outside
from shared.engine.world.records import stored
from shared.errors import ChangedError
from shared.wire.bodies import read
from shared.wire.schedules import ScheduleBody

log = logging.getLogger(__name__)

EVERY = timedelta(hours=6)
WITHIN = timedelta(minutes=1)
"""The time limit for one schedule's look, so that the other schedules, and the timer, have their
turn."""


async def look_ahead(outside: Outside) -> None:
    """Look at each enabled schedule whose last look is too old, or was at an earlier version of its
    request."""

    async def see_to(schedule: Schedule) -> None:
        if not schedule.enabled:
            return
        now = outside.clock.now()
        known = await last_look(outside, schedule)
        last = known.at if known is not None else schedule.changed_at
        if last is not None and now - last < EVERY:
            return
        runs = await outside.runs.list(f"{schedule.name}|", FOLLOWED, None)
        if any(run.state not in FINAL for run in runs.items):
            return  # a run is under way: the hosts it has out would count against itself
        try:
            async with asyncio.timeout(WITHIN.total_seconds()):
                warnings = await amiss(outside, schedule)
        except Exception as error:
            log.warning("schedule %s: not looked at", schedule.name, exc_info=True)
            warnings = (f"could not be looked at: {error_text(error)}",)
        for text in warnings:
            if known is None or text not in known.warnings:
                log.warning("schedule %s: looked at ahead: %s", schedule.name, text)
        await keep(outside, schedule, warnings)

    await each("look ahead at schedule", await schedules(outside), see_to, lambda s: s.name)


async def amiss(outside: Outside, schedule: Schedule) -> tuple[str, ...]:
    """What would go wrong if the schedule started now, as texts. Empty: nothing."""
    by = f"schedule '{schedule.name}'"
    _, looked = await looked_at(outside, schedule, outside.options.address, by)
    return warnings_of(looked)


async def looked_at(
    outside: Outside, schedule: Schedule, address: str, by: str
) -> tuple[ScheduleBody, Trial]:
    """What the next run would do. Touches nothing. Raises RequestRefusedError for a request that
    this version cannot read."""
    kept = {"cron": schedule.cron, schedule.what.value: json.loads(schedule.request)}
    body = read(ScheduleBody, json.dumps(kept).encode())
    return body, await tried(outside, body.drains(), address, by)


def warnings_of(looked: Trial) -> tuple[str, ...]:
    """What would keep a run from being started, followed by what may pass or could not be
    determined."""
    return (*(f"{fault.target}: {fault.text}" for fault in looked.faults), *looked.warnings)


async def last_look(outside: Outside, schedule: Schedule) -> Looked | None:
    """The last look at what the schedule asks for now. None: there was none."""
    known = await outside.looks.get(schedule.name)
    return known[0] if known is not None and known[0].of == _mark(schedule) else None


async def keep(outside: Outside, schedule: Schedule, warnings: tuple[str, ...]) -> None:
    """Record what a look found. If two looks are recorded at once, either is right."""
    looked = Looked(outside.clock.now(), _mark(schedule), tuple(t[:500] for t in warnings[:20]))
    known = await outside.looks.get(schedule.name)
    with suppress(ChangedError):
        await stored(outside.looks, schedule.name, looked, known)


def _mark(schedule: Schedule) -> str:
    of = f"{schedule.changed_at}|{schedule.request}"
    return hashlib.sha256(of.encode()).hexdigest()[:32]
