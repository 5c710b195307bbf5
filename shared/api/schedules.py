"""Schedules: made, shown, listed, removed; their runs, and the report of each."""

import asyncio
import json
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

from shared.api import resources, shapes
from shared.api.paging import listed, page_asked, part_of
from shared.api.web import Request, Response
from shared.core.schedules import schedules as core
from shared.core.schedules.report import markdown
from shared.core.schedules.runs import run_key
from shared.core.schedules.schedules import Run, RunState, Schedule
from shared.core.values import uniques
from shared.core.values.callbacks import fault_of
from shared.core.values.durations import format_duration
from shared.engine.drains.trial import Trial, tried
from shared.engine.schedules import lookahead, scheduling
from shared.engine.world.outside import Outside
from shared.errors import ChangedError, Fault, RefusalKind, RequestRefusedError, invalid
from shared.wire import calendars
from shared.wire.bodies import read
from shared.wire.schedules import NAME, ScheduleBody, fixed_dates
from shared.wire.start import faults_at
from shared.wire.views.words import time

_NEXT = 5
_TRIES = 5


async def put(outside: Outside, request: Request, by: str) -> Response:
    """PUT schedules/{name}: 201 for a new one, 200 for one that is replaced."""
    name = request.path["name"]
    body, faults = _read(request.body)
    if body is not None:
        faults += [*faults_at(body.drains(), outside.options.allowed), *fixed_dates(body)]
    faults += await _faults_beside(outside, name, request.body)
    if body is None or faults:
        raise invalid(tuple(faults))
    _not_of_the_settings(outside, name)
    looked = await tried(outside, body.drains(), request.base, by)
    if _dry(request):
        return Response(200, _plan(name, body, looked))
    if looked.faults:
        raise invalid(tuple(looked.faults))
    made = body.schedule(name, by, outside.clock.now(), json.loads(request.body))
    made = replace(made, warnings=tuple(looked.warnings))
    for _ in range(_TRIES):
        try:
            known = await outside.schedules.get(name)
            if known is None:
                await outside.schedules.insert(name, made)
            else:
                await outside.schedules.replace(name, made, known[1])
        except ChangedError:
            continue
        status = 200 if known is not None else 201
        return Response(status, await _resource(outside, made))
    text = "the schedule changes all the time: try again"
    raise RequestRefusedError(
        RefusalKind.UNAVAILABLE, "ScheduleBusy", text, retry_after=timedelta(seconds=5)
    )


async def run(outside: Outside, request: Request, by: str) -> Response:
    """POST schedules/{name}/run: 202 with a run of its own; ``?dryRun=true``: 200 with what the next
    run would do, and nothing is started."""
    found = await _find(outside, request.path["name"])
    if _dry(request):
        return Response(200, await _foreseen(outside, found, request, by))

    key = request.header("repeatability-request-id") or request.header("idempotency-key")
    unique = uniques.of_callers_run(key or uuid.uuid4().hex)
    return Response(202, run_resource(await scheduling.run_now(outside, found, unique, by)))


async def _foreseen(
    outside: Outside, schedule: Schedule, request: Request, by: str
) -> shapes.SchedulePlan:
    """What is amiss is remembered with the schedule."""
    body, looked = await lookahead.looked_at(outside, schedule, request.base, by)
    await lookahead.keep(outside, schedule, lookahead.warnings_of(looked))
    return _plan(schedule.name, body, looked)


def _plan(name: str, body: ScheduleBody, looked: Trial) -> shapes.SchedulePlan:
    return {
        "name": name,
        "faults": [f"{fault.target}: {fault.text}" for fault in looked.faults],
        "warnings": looked.warnings,
        "drains": [
            {
                "hostPool": drain.pool().resource_id,
                "refused": refused,
                "plan": resources.plan_resource(preview) if preview is not None else None,
            }
            for (_, drain), refused, preview in zip(
                body.drains(), looked.refused, looked.previews, strict=True
            )
        ],
    }


def _dry(request: Request) -> bool:
    return request.query.get("dryRun", "").lower() == "true"


def _read(told: bytes) -> tuple[ScheduleBody | None, list[Fault]]:
    """Raises RequestRefusedError for what is no JSON object."""
    try:
        return read(ScheduleBody, told), []
    except RequestRefusedError as refused:
        if not refused.faults or refused.code in ("MalformedBody", "MissingBody", "BodyTooLarge"):
            raise
        return None, list(refused.faults)


async def _faults_beside(outside: Outside, name: str, told: bytes) -> list[Fault]:
    """What is wrong with the name, the calendar and where the report goes, whatever else is."""
    faults = []
    if not NAME.fullmatch(name):
        text = "a name of at most 63 small letters, digits and hyphens"
        faults.append(Fault("InvalidValue", "name", text))
    body = json.loads(told)
    url, calendar = body.get("reportTo"), body.get("exceptCalendar")
    if isinstance(url, str) and url and (text := fault_of(url, outside.options.allowed)):
        faults.append(Fault("InvalidValue", "reportTo", f"reportTo: {text}"))
    if isinstance(calendar, str) and calendar:
        text = await asyncio.to_thread(calendars.fault_of, calendar)
        if text:
            faults.append(Fault("InvalidValue", "exceptCalendar", f"exceptCalendar: {text}"))
    return faults


async def remove(outside: Outside, request: Request, by: str) -> Response:
    """DELETE schedules/{name}: 200 with what it was. Its runs stay on record; what runs goes on."""
    found = await _find(outside, request.path["name"])
    _not_of_the_settings(outside, found.name)
    await outside.schedules.delete(found.name)
    await outside.looks.delete(found.name)
    await outside.considered.delete(found.name)  # one of this name that is made later begins anew
    return Response(200, await _resource(outside, found))


async def show(outside: Outside, request: Request, by: str) -> Response:
    """GET schedules/{name}."""
    return Response(200, await _resource(outside, await _find(outside, request.path["name"])))


async def index(outside: Outside, request: Request, by: str) -> Response:
    """GET schedules, by name."""
    most, token = page_asked(request)
    page = part_of(await scheduling.schedules(outside), most, token)
    return listed(request, "schedules", page, [await _resource(outside, s) for s in page.items])


async def runs(outside: Outside, request: Request, by: str) -> Response:
    """GET schedules/{name}/runs, the newest first."""
    name = _name(request.path["name"])
    most, token = page_asked(request)
    page = await outside.moments.list(f"{name}|", most, token)
    if not page.items and token is None:
        await _find(outside, name)  # those of a schedule that was removed can still be read
    return listed(request, f"schedules/{name}/runs", page, [run_resource(r) for r in page.items])


async def report(outside: Outside, request: Request, by: str) -> Response:
    """GET schedules/{name}/report: of the run at ``?at=``, or of the last that has one; as Markdown
    with ``?format=markdown``."""
    name = _name(request.path["name"])
    found = await _reported(outside, name, request.query.get("at", ""))
    told = found.report or {}
    if request.query.get("format", "").lower() == "markdown":
        return Response(200, markdown(told), kind="text/markdown")
    return Response(200, dict(told))


async def _reported(outside: Outside, name: str, at: str) -> Run:
    if at:
        try:
            moment = datetime.fromisoformat(at)
        except ValueError:
            fault = Fault("InvalidValue", "at", "a time such as 2026-11-24T22:00:00Z")
            raise invalid((fault,)) from None
        known = await outside.moments.get(run_key(name, moment))
        if known is not None and known[0].report is not None:
            return known[0]
    else:
        page = await outside.moments.list(f"{name}|", 50, None)
        for run in page.items:
            if run.report is not None:
                return run
    text = f"there is no report of schedule '{name}'" + (f" for {at[:40]}" if at else " yet")
    raise RequestRefusedError(RefusalKind.NOT_FOUND, "ReportNotFound", text)


async def _find(outside: Outside, name: str) -> Schedule:
    for schedule in outside.options.schedules:
        if schedule.name == name:
            return schedule
    found = await outside.schedules.get(_name(name))
    if found is None:
        raise _unknown(name)
    return found[0]


def _name(name: str) -> str:
    """It becomes part of a key."""
    if not NAME.fullmatch(name):
        raise _unknown(name)
    return name


def _unknown(name: str) -> RequestRefusedError:
    text = f"there is no schedule '{name[:100]}'"
    return RequestRefusedError(RefusalKind.NOT_FOUND, "ScheduleNotFound", text)


def _not_of_the_settings(outside: Outside, name: str) -> None:
    if any(schedule.name == name for schedule in outside.options.schedules):
        text = f"schedule '{name}' is of the app's settings (SCHEDULES), and is changed there"
        raise RequestRefusedError(RefusalKind.CONFLICT, "ScheduleOfSettings", text)


async def _resource(outside: Outside, schedule: Schedule) -> shapes.ScheduleView:
    page = await outside.moments.list(f"{schedule.name}|", 1, None)
    last = run_resource(page.items[0]) if page.items else None
    now = outside.clock.now()
    coming = core.following(schedule, now, _NEXT) if schedule.enabled else ()
    looked = await lookahead.last_look(outside, schedule)
    warnings = looked.warnings if looked is not None else schedule.warnings
    source: Literal["settings", "http"] = "settings" if schedule.from_file else "http"
    return {
        "name": schedule.name,
        "cron": schedule.cron,
        "timeZone": schedule.zone,
        "what": schedule.what.value,
        "request": _hidden(json.loads(schedule.request)),
        "exceptDates": [day.isoformat() for day in schedule.except_dates],
        "hasCalendar": bool(schedule.calendar),
        "missed": schedule.missed.value,
        "lateWithin": format_duration(schedule.late_within),
        "enabled": schedule.enabled,
        "reports": bool(schedule.report_to),
        "from": source,
        "changedBy": schedule.by or None,
        "changedAt": time(schedule.changed_at),
        "next": [str(time(at)) for at in coming],
        "lastRun": last,
        "warnings": [*warnings, *_of_last(page.items)],
    }


def _of_last(runs: tuple[Run, ...]) -> list[str]:
    """What the last run met: the estate may have changed since the schedule was made."""
    refused = [run for run in runs if run.state is RunState.REFUSED]
    refused += [run for run in runs if run.state is RunState.STARTING and run.text]
    return [f"the run of {time(run.at)}: {run.text}" for run in refused]


def _hidden(told: Any) -> Any:
    """Addresses may hold secrets: they are not shown again."""
    if isinstance(told, dict):
        return {k: "(hidden)" if k == "url" else _hidden(v) for k, v in told.items()}
    return [_hidden(each) for each in told] if isinstance(told, list) else told


def run_resource(run: Run) -> shapes.RunView:
    return {
        "at": time(run.at),
        "state": run.state.value,
        "text": run.text or None,
        "drains": list(run.drains),
        "campaign": run.campaign or None,
        "hasReport": run.report is not None,
        "reportTaken": run.told or None,
    }
