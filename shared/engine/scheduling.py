"""The nightly timer's work: see to each moment of each schedule once, whatever the timer does; and when
what it started has ended, report.

A moment is taken by inserting its row, so that two instances, or a timer that comes twice, run it
once. A run that died between that and its start is found as ``starting``, and started: with the same
key, so that it is the same drain.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.core.model import Drain, Entry
from shared.core.report import report
from shared.core.schedules import (
    FINAL,
    Considered,
    Run,
    RunState,
    Schedule,
    What,
    occurrences,
    verdicts,
)
from shared.core.status import ENDED
from shared.engine import campaigning, intake
from shared.engine.outside import Outside
from shared.engine.records import every
from shared.errors import (
    ChangedError,
    FinalError,
    OutsideError,
    RequestRefusedError,
    UnreadableError,
)

log = logging.getLogger(__name__)

FOLLOWED = 20
"""Of each schedule, so many of its newest runs are looked after."""
GIVEN_UP_AFTER = timedelta(days=3)
_HISTORY = 5000


@dataclass(frozen=True, slots=True)
class Making:
    """How requests that are kept as JSON become commands: (request, what is unique, address)."""

    drain: Callable[[str, str, str], intake.Start]
    campaign: Callable[[str, str, str], campaigning.NewCampaign]


async def tick(outside: Outside, making: Making) -> None:
    """See to all schedules. What goes wrong with one holds up no other."""
    for schedule in await schedules(outside):
        try:
            await _consider(outside, schedule)
            for run in (await outside.moments.list(f"{schedule.name}|", FOLLOWED, None)).items:
                if run.state not in FINAL or _to_be_told(run):
                    await _follow(outside, schedule, run, making)
        except (OutsideError, ChangedError, UnreadableError, RequestRefusedError) as error:
            log.warning("schedule %s: %s", schedule.name, error)


async def schedules(outside: Outside) -> list[Schedule]:
    """Those of the settings and those that were made over HTTP, by name."""
    stored = await every(outside.schedules)
    ours = {schedule.name for schedule in outside.options.schedules}
    both = [*outside.options.schedules, *(s for s in stored if s.name not in ours)]
    return sorted(both, key=lambda schedule: schedule.name)


async def _consider(outside: Outside, schedule: Schedule) -> None:
    now = outside.clock.now()
    known = await outside.considered.get(schedule.name)
    if known is None:
        begin = max(schedule.changed_at or now, now - timedelta(days=1))
        try:
            await outside.considered.insert(schedule.name, Considered(min(begin, now)))
        except ChangedError:
            return
        known = await outside.considered.get(schedule.name)
    if known is None or known[0].at >= now:
        return  # a clock that was set back: these moments have been seen to
    moments = occurrences(schedule.cron, schedule.zone, known[0].at, now)
    zone = ZoneInfo(schedule.zone)
    dates = [at.astimezone(zone).date() for at in moments]
    free: Mapping[date, str] = {}
    if schedule.calendar and dates:
        free = outside.calendar_days(schedule.calendar, min(dates), max(dates))
    for run in verdicts(schedule, moments, now, free):
        try:
            await outside.moments.insert(run_key(run.schedule, run.at), run)
        except ChangedError:
            continue  # another instance has it
        if run.state is RunState.SKIPPED:
            log.info("schedule %s: %s: %s", run.schedule, run.at, run.text)
    try:
        await outside.considered.replace(schedule.name, Considered(now), known[1])
    except ChangedError:
        return


async def _follow(outside: Outside, schedule: Schedule, run: Run, making: Making) -> None:
    """Start what is to be started, and report what has ended."""
    found = await outside.moments.get(run_key(run.schedule, run.at))
    if found is None:
        return
    run, version = found
    after = run
    match run.state:
        case RunState.STARTING:
            after = await _start(outside, schedule, run, making)
        case RunState.RUNNING:
            after = await _ended(outside, schedule, run)
    if _to_be_told(after):
        after = await _tell(outside, after)
    if after != run:
        await outside.moments.replace(run_key(run.schedule, run.at), after, version)


def _to_be_told(run: Run) -> bool:
    return run.state is RunState.ENDED and bool(run.report_to) and not run.told


async def _start(outside: Outside, schedule: Schedule, run: Run, making: Making) -> Run:
    unique = f"schedule {schedule.name} {run.at.isoformat()}"
    by = f"schedule '{schedule.name}'"
    try:
        if schedule.what is What.CAMPAIGN:
            asked = making.campaign(schedule.request, unique, outside.options.address)
            campaign = await campaigning.start(outside, asked, by)
            return replace(run, state=RunState.RUNNING, campaign=campaign.id, text="")
        start = making.drain(schedule.request, unique, outside.options.address)
        drain = await intake.start(outside, start, by)
        return replace(run, state=RunState.RUNNING, drains=(drain.id,), text="")
    except RequestRefusedError as refused:
        texts = "; ".join(refused.texts)
        late = outside.clock.now() - run.at > max(schedule.late_within, timedelta(minutes=15))
        if refused.passing and not late:
            return replace(run, text=f"not yet: {texts}")
        return replace(run, state=RunState.REFUSED, text=texts[:2000])


async def _ended(outside: Outside, schedule: Schedule, run: Run) -> Run:
    """With its report, once all that it started has ended."""
    campaign = None
    ids = run.drains
    if run.campaign:
        campaign = await campaigning.find(outside, run.campaign)
        if campaign.status not in ENDED:
            return run
        ids = tuple(slot.drain for slot in campaign.slots if slot.drain)
    drains: list[tuple[Drain, tuple[Entry, ...]]] = []
    for id_ in ids:
        drain = await outside.store.load(id_)
        if drain is None:
            continue
        if drain.progress.status not in ENDED:
            return run
        history = await outside.store.history(id_, _HISTORY, None)
        drains.append((drain, history.items))
    told = report(schedule, run, drains, campaign)
    text = f"{told['summary']['hostsDone']} hosts done, {told['summary']['hostsNotDone']} not"
    return replace(run, state=RunState.ENDED, drains=ids, report=told, text=text)


async def _tell(outside: Outside, run: Run) -> Run:
    """Send the report, until it is taken."""
    now = outside.clock.now()
    if run.try_at is not None and now < run.try_at:
        return run
    key = f"{run.schedule}/{run.at.isoformat()}"
    try:
        await outside.webhooks.post(run.report_to, dict(run.report or {}), key)
    except OutsideError as error:
        final = isinstance(error, FinalError) or now > run.at + GIVEN_UP_AFTER
        pause = min(outside.options.pace.usual * 2 ** min(run.tries, 10), timedelta(hours=1))
        told = f"not taken: {error}" if final else ""
        return replace(run, tries=run.tries + 1, try_at=now + pause, told=told)
    return replace(run, tries=run.tries + 1, try_at=None, told="taken")


def run_key(schedule: str, at: datetime) -> str:
    """Newest first among the runs of a schedule."""
    return f"{schedule}|{10**11 - int(at.timestamp()):012d}"
