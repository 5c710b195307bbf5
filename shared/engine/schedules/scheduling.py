"""Runs the schedules: begins each run once, whatever the timer does, and reports when what it
started has ended.

A run is claimed by inserting its row, so two instances, or a timer that fires twice, begin it once.
A run whose process died between that and its start is found in state ``starting`` and started with
the same idempotency key, so it gets the same drain.
"""

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from operator import attrgetter
from zoneinfo import ZoneInfo

from shared.core.drain.model import Drain
from shared.core.drain.retry import GIVEN_UP_AFTER
from shared.core.host.status import ENDED
from shared.core.schedules.report import UsersTold, report
from shared.core.schedules.runs import (
    LONGEST_TEXT,
    POSTED_WITHIN,
    due_to_be_told,
    is_under_way,
    not_begun,
    run_key,
    runs_of,
    seen_to_since,
)
from shared.core.schedules.schedules import (
    Considered,
    Run,
    RunState,
    Schedule,
    What,
    occurrences,
)
from shared.core.values import uniques
from shared.engine.drains import intake
from shared.engine.notifications.noting import of_schedule
from shared.engine.notifications.passing import hand_on
from shared.engine.schedules import campaigning
from shared.engine.world.each import each, error_text
from shared.engine.world.outside import Outside
from shared.engine.world.records import every
from shared.errors import ChangedError, RequestRefusedError
from shared.ports import PostReport
from shared.wire import calendars
from shared.wire.commands import start_kept
from shared.wire.newcampaigns import campaign_of
from shared.wire.schedules import pools_of

log = logging.getLogger(__name__)

FOLLOWED = 20
"""How many of the newest runs of each schedule are followed."""
_NAME = attrgetter("name")
_PAGE = 1000
"""How many entries of a history are read at once."""


async def run_schedules(outside: Outside) -> None:
    """Handle all schedules. A failure of one does not stop the others."""

    async def see_to(schedule: Schedule) -> None:
        """Begin and follow the runs of a schedule. Runs are followed even if new ones cannot be
        determined."""
        await each("moments of schedule", (schedule,), partial(_consider, outside), _NAME)
        page = await outside.runs.list(f"{schedule.name}|", FOLLOWED, None)
        meant = [run for run in page.items if is_under_way(run)]
        follow = partial(_follow, outside, schedule)
        await each("run", meant, follow, lambda run: f"{run.schedule} {run.at.isoformat()}")

    await each("schedule", await schedules(outside), see_to, _NAME)


def _pools(schedule: Schedule) -> tuple[str, ...]:
    return tuple(sorted(pool.resource_id for pool in pools_of(schedule)))


async def schedules(outside: Outside) -> list[Schedule]:
    """The schedules of the settings and those made over HTTP, by name."""
    stored = await every(outside.schedules)
    ours = {schedule.name for schedule in outside.options.schedules}
    both = [*outside.options.schedules, *(s for s in stored if s.name not in ours)]
    return sorted(both, key=_NAME)


async def run_now(outside: Outside, schedule: Schedule, unique: str, by: str) -> Run:
    """Begin a run outside the schedule's own times. The same request finds the same run. The run is
    started at once if possible; else the timer keeps trying."""
    now = outside.clock.now().replace(microsecond=0)
    mark = f"{schedule.name}!{hashlib.sha256(unique.encode()).hexdigest()[:32]}"
    try:
        await outside.considered.insert(mark, Considered(now))
    except ChangedError:
        known = await outside.considered.get(mark)
        now = known[0].at if known is not None else now
    run = Run(
        schedule.name, now, RunState.STARTING, f"asked for by {by}", begun_at=now,
        report_to=schedule.report_to, asked_by=by, pools=_pools(schedule),
    )  # fmt: skip
    key = run_key(schedule.name, now)
    with contextlib.suppress(ChangedError):  # the request was sent again
        await outside.runs.insert(key, run)
    found = await outside.runs.get(key)
    if found is not None and found[0].state is RunState.STARTING:
        await _follow(outside, schedule, found[0])
        found = await outside.runs.get(key)
    return found[0] if found is not None else run


async def _consider(outside: Outside, schedule: Schedule) -> None:
    now = outside.clock.now()
    known = await outside.considered.get(schedule.name)
    if known is None:
        try:
            begin = Considered(seen_to_since(schedule, now))
            await outside.considered.insert(schedule.name, begin)
        except ChangedError:
            return
        known = await outside.considered.get(schedule.name)
    if known is None or known[0].at >= now:
        return  # a clock that was set back: these times have been handled
    moments = occurrences(schedule.cron, schedule.zone, known[0].at, now)
    zone = ZoneInfo(schedule.zone)
    dates = [at.astimezone(zone).date() for at in moments]
    free: Mapping[date, str] = {}
    unread = ""
    if schedule.calendar and dates:
        try:
            free = await asyncio.to_thread(
                calendars.days, schedule.calendar, min(dates), max(dates)
            )
        except ValueError as error:  # the calendar was stored before such files were refused
            unread = str(error) or type(error).__name__
    for run in runs_of(schedule, moments, now, free, unread):
        try:
            run = _to_tell(outside, replace(run, pools=_pools(schedule)))
            await outside.runs.insert(run_key(run.schedule, run.at), run)
        except ChangedError:
            continue  # another instance has begun it
        if run.state is RunState.SKIPPED:
            log.info("schedule %s: %s: %s", run.schedule, run.at, run.text)
    with contextlib.suppress(ChangedError):
        await outside.considered.replace(schedule.name, Considered(now), known[1])


async def _follow(outside: Outside, schedule: Schedule, run: Run) -> None:
    """Start a run that is starting, and report one whose drains have ended."""
    found = await outside.runs.get(run_key(run.schedule, run.at))
    if found is None:
        return
    run, version = found
    after = run
    match run.state:
        case RunState.STARTING:
            after = await _start(outside, schedule, run)
        case RunState.RUNNING:
            after = await _ended(outside, schedule, run)
        case _ if run.untold:
            after = await _handed_on(outside, run)
    if after.state is not run.state:
        after = _to_tell(outside, after)
    now = outside.clock.now()
    send = due_to_be_told(after, now)
    if send:
        after = replace(after, try_at=now + POSTED_WITHIN)
    if after != run:
        try:
            await outside.runs.replace(run_key(run.schedule, run.at), after, version)
        except ChangedError:
            return  # another instance has handled it
    if send:
        await outside.queue.send(PostReport(run_key(run.schedule, run.at)), timedelta(0))


def _to_tell(outside: Outside, run: Run) -> Run:
    """The run, marked if somebody is to be notified of it. The mark is written with the run itself,
    and the next look hands the notification on."""
    return replace(run, untold=of_schedule(outside, run) is not None)


async def _handed_on(outside: Outside, run: Run) -> Run:
    happening = of_schedule(outside, run)
    if happening is not None and not await hand_on(outside, (happening,)):
        if outside.clock.now() < run.at + GIVEN_UP_AFTER:
            return run
        log.error("schedule %s: nobody was told of %s: given up", run.schedule, run.at)
    return replace(run, untold=False)


async def _start(outside: Outside, schedule: Schedule, run: Run) -> Run:
    unique = uniques.of_moment(schedule.name, run.at)
    by = f"schedule '{schedule.name}'"
    try:
        if schedule.what is What.CAMPAIGN:
            asked = campaign_of(schedule.request.encode(), unique, outside.options.address)
            campaign = await campaigning.start(outside, asked, by)
            return replace(run, state=RunState.RUNNING, campaign=campaign.id, text="")
        start = start_kept(schedule.request, outside.clock.now(), unique, outside.options.address)
        drain = await intake.start(outside, start, by)
        return replace(run, state=RunState.RUNNING, drains=(drain.id,), text="")
    except RequestRefusedError as refused:
        texts, passing = "; ".join(refused.texts), refused.passing
    except Exception as error:
        log.exception("schedule %s: not started", schedule.name)
        texts, passing = error_text(error), True
    return not_begun(schedule, run, texts, outside.clock.now(), passing=passing)


async def _ended(outside: Outside, schedule: Schedule, run: Run) -> Run:
    """The run with its report, once everything it started has ended; else the run as it was, or
    with why there is no report yet."""
    campaign = None
    ids = run.drains
    if run.campaign:
        campaign = await campaigning.find(outside, run.campaign)
        if campaign.status not in ENDED:
            return run
        ids = tuple(slot.drain for slot in campaign.slots if slot.drain)
    drains: dict[str, tuple[Drain, UsersTold]] = {}
    goes_on: list[str] = []

    async def look(id_: str) -> None:
        drain = await outside.store.load(id_)
        if drain is None:
            return
        if drain.progress.status not in ENDED:
            goes_on.append(id_)
            return
        drains[id_] = (drain, await _users_told(outside, id_))

    unread = await each("drain", ids, look)
    if goes_on:
        return run
    if unread:
        texts = "; ".join(f"{id_}: {error_text(error)}" for id_, error in unread)
        if outside.clock.now() < run.at + GIVEN_UP_AFTER:
            return replace(run, text=f"no report yet: {texts}"[:LONGEST_TEXT])
    made = report(schedule, run, [drains[id_] for id_ in ids if id_ in drains], campaign)
    lines = [f"drain {id_} cannot be read: {error_text(error)}" for id_, error in unread]
    lines += await _set_aside(outside, [drain for drain, _ in drains.values()])
    made = {**made, "attention": [*made["attention"], *lines]}
    text = f"{made['summary']['hostsDone']} hosts done, {made['summary']['hostsNotDone']} not"
    return replace(run, state=RunState.ENDED, drains=ids, report=made, text=text)


async def _users_told(outside: Outside, drain: str) -> UsersTold:
    """Which users were messaged or signed out, from the drain's whole history."""
    users, page = UsersTold(), await outside.store.history(drain, _PAGE, None)
    while page.next is not None:
        users = users.and_of(page.items)
        page = await outside.store.history(drain, _PAGE, page.next)
    return users.and_of(page.items)


async def _set_aside(outside: Outside, drains: list[Drain]) -> list[str]:
    """A line for each host of the drains' pools that rotating runs leave out by now."""
    lines: list[str] = []

    async def look(pool: str) -> None:
        found = await outside.store.attempts(pool)
        lines.extend(
            f"{host.name}: set aside until it is named: {host.in_words}"
            for host in found.values()
            if host.set_aside
        )

    await each("attempts in", dict.fromkeys(d.control.pool.key for d in drains), look)
    return lines
