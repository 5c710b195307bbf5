"""Schedules: made, shown, listed, removed, run now."""

import asyncio
import uuid
from dataclasses import replace
from typing import Any

from shared.api.handlers.reaching import must_reach_all_of, reaches
from shared.api.handlers.schedules.finding import (
    find,
    must_not_be_of_the_settings,
    reach_schedule,
    reached,
    reaches_run,
)
from shared.api.http.callers import Caller
from shared.api.http.paging import listed, page_asked, part_of
from shared.api.http.versions import etag, required_version
from shared.api.http.web import Request, Response, dry_run, idempotency_key
from shared.api.views.schedule import (
    SchedulePlan,
    ScheduleView,
    run_view,
    schedule_plan_view,
    schedule_view,
)
from shared.core.access.allowed import fault_of
from shared.core.schedules import schedules as core
from shared.core.schedules.schedules import Schedule
from shared.core.values import uniques
from shared.engine.drains.trial import tried
from shared.engine.schedules import lookahead, scheduling
from shared.engine.world.outside import Outside
from shared.engine.world.records import taken_back
from shared.errors import (
    ChangedError,
    Fault,
    RefusalKind,
    RequestRefusedError,
    busy,
    condition_not_met,
    invalid,
    require_version,
    too_many,
)
from shared.wire import calendars
from shared.wire.bodies import told_object, validated
from shared.wire.policies import faults_told
from shared.wire.schedules import NAME, ScheduleBody, fixed_dates, pools_of

_NEXT = 5
_TRIES = 5


async def put(outside: Outside, request: Request, by: str) -> Response:
    """PUT schedules/{name}: 201 for a new schedule, 200 for a replaced one. ``?dryRun=true``: 200
    with what it would do."""
    name = request.path["name"]
    told, faults = told_object(request.body)
    body, wrong = validated(ScheduleBody, told)
    faults += [*wrong, *faults_told(told, outside.options.allowed), *fixed_dates(told)]
    faults += await _faults_beside(outside, name, told)
    if body is None or faults:
        raise invalid(tuple(faults))
    must_not_be_of_the_settings(outside, name)
    must_reach_all_of(request.caller, frozenset(drain.pool() for _, drain in body.drains()))
    looked = await tried(outside, body.drains(), request.base, by)
    if dry_run(request):
        return Response(200, schedule_plan_view(name, body, looked))
    if looked.faults:
        raise invalid(tuple(looked.faults))
    made = body.schedule(name, by, outside.clock.now(), told)
    made = replace(made, warnings=tuple(looked.warnings), caller=request.caller.id)
    new = await _save(outside, request, made)
    return await _shown(
        outside, request.caller, *await find(outside, name), status=201 if new else 200
    )


async def _save(outside: Outside, request: Request, made: Schedule) -> bool:
    """Save a schedule. Returns whether it is new. Raises RequestRefusedError if there is one of
    that name and the caller has not read its current version."""
    for _ in range(_TRIES):
        known = await outside.schedules.get(made.name)
        try:
            if known is not None:
                reach_schedule(request.caller, known[0], _taken(made.name))
                require_version("schedule", required_version(request, "schedule"), known[1])
                await outside.schedules.replace(made.name, made, known[1])
            elif request.header("if-match"):
                raise condition_not_met("schedule")
            else:
                await _has_room(outside, request)
                await outside.schedules.insert(made.name, made)
                await _keeps_room(outside, made)
        except ChangedError:
            continue
        return known is None
    raise busy("ScheduleBusy", "the schedule changes all the time: try again")


def _taken(name: str) -> RequestRefusedError:
    """Names are everybody's: that one is taken can be seen by whoever wants it."""
    text = f"another schedule has the name '{name}', and your role is not for it: take another name"
    return RequestRefusedError(RefusalKind.DENIED, "ScheduleNameTaken", text)


async def _has_room(outside: Outside, request: Request) -> None:
    """Raises RequestRefusedError if the caller has made as many schedules as allowed."""
    caller, most = request.caller.id, outside.options.limits.schedules
    if caller and (there := await _made_by(outside, caller)) >= most:
        raise too_many("schedule", there, most)


async def _keeps_room(outside: Outside, made: Schedule) -> None:
    """Count again, after this schedule was recorded, so that concurrent requests together do not exceed the limit. Raises
    RequestRefusedError, and then the schedule is removed. A schedule that was changed by then stays."""
    most = outside.options.limits.schedules
    over = bool(made.caller) and await _made_by(outside, made.caller) > most
    if over and await taken_back(outside.schedules, made.name, made):
        raise too_many("schedule", most, most)


async def _made_by(outside: Outside, caller: str) -> int:
    return sum(schedule.caller == caller for schedule in await scheduling.schedules(outside))


async def run(outside: Outside, request: Request, by: str) -> Response:
    """POST schedules/{name}/run: 202 with a run outside the schedule's times. ``?dryRun=true``: 200
    with what the next run would do; nothing is started."""
    found, _ = await reached(outside, request)
    if dry_run(request):
        return Response(200, await _foreseen(outside, found, request, by))

    key = idempotency_key(request)
    unique = uniques.of_callers_run(key or uuid.uuid4().hex)
    return Response(202, run_view(await scheduling.run_now(outside, found, unique, by)))


async def _foreseen(
    outside: Outside, schedule: Schedule, request: Request, by: str
) -> SchedulePlan:
    """What the next run would do. The warnings are recorded as a look at the schedule."""
    body, looked = await lookahead.looked_at(outside, schedule, request.base, by)
    await lookahead.keep(outside, schedule, lookahead.warnings_of(looked))
    return schedule_plan_view(schedule.name, body, looked)


async def _faults_beside(outside: Outside, name: str, body: dict[str, Any]) -> list[Fault]:
    """What is wrong with the name, the calendar and the address of the report, whatever else is
    wrong."""
    faults = []
    if not NAME.fullmatch(name):
        text = "a name of at most 63 small letters, digits and hyphens"
        faults.append(Fault("InvalidValue", "name", text))
    url, calendar = body.get("reportTo"), body.get("exceptCalendar")
    if isinstance(url, str) and url and (text := fault_of(url, outside.options.allowed)):
        faults.append(Fault("InvalidValue", "reportTo", f"reportTo: {text}"))
    if isinstance(calendar, str) and calendar:
        text = await asyncio.to_thread(calendars.fault_of, calendar)
        if text:
            faults.append(Fault("InvalidValue", "exceptCalendar", f"exceptCalendar: {text}"))
    return faults


async def remove(outside: Outside, request: Request, by: str) -> Response:
    """DELETE schedules/{name}: 200 with what it was. Needs ``If-Match``. Its runs stay on record,
    and what is running goes on."""
    found, version = await reached(outside, request)
    must_not_be_of_the_settings(outside, found.name)
    require_version("schedule", required_version(request, "schedule"), version)
    try:
        await outside.schedules.delete(found.name, version)
    except ChangedError:
        raise condition_not_met("schedule") from None
    await outside.looks.delete(found.name)
    await outside.considered.delete(found.name)  # a later schedule of this name starts afresh
    return Response(200, await _view(outside, request.caller, found))


async def show(outside: Outside, request: Request, by: str) -> Response:
    """GET schedules/{name}."""
    return await _shown(outside, request.caller, *await reached(outside, request))


async def index(outside: Outside, request: Request, by: str) -> Response:
    """GET schedules, by name."""
    most, token = page_asked(request)
    found = await scheduling.schedules(outside)
    mine = [each for each in found if reaches(request.caller, pools_of(each))]
    page = part_of(mine, most, token)
    return listed(
        request, "schedules", page, [await _view(outside, request.caller, s) for s in page.items]
    )


async def _shown(
    outside: Outside, caller: Caller, schedule: Schedule, version: str, *, status: int = 200
) -> Response:
    """A schedule, with the ETag that changes need. A schedule of the settings has none."""
    headers = {"ETag": etag(version)} if version else {}
    return Response(status, await _view(outside, caller, schedule), headers)


async def _view(outside: Outside, caller: Caller, schedule: Schedule) -> ScheduleView:
    page = await outside.runs.list(f"{schedule.name}|", 1, None)
    last = [run for run in page.items if reaches_run(caller, run)]
    now = outside.clock.now()
    coming = core.following(schedule, now, _NEXT) if schedule.enabled else ()
    looked = await lookahead.last_look(outside, schedule)
    warnings = looked.warnings if looked is not None else schedule.warnings
    return schedule_view(schedule, last, coming, warnings)
