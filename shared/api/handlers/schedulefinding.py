"""Finds the schedules that requests name, of the settings or made over HTTP, within the caller's
reach."""

import json
from typing import Any

from shared.api.handlers.reaching import must_reach_all_of
from shared.api.http.callers import Caller
from shared.api.http.web import Request
from shared.core.schedules.schedules import Schedule, What
from shared.core.values.hostpool import HostPoolId
from shared.engine.world.outside import Outside
from shared.errors import RefusalKind, RequestRefusedError
from shared.wire.schedules import NAME
from shared.wire.start import StartBody


async def reached(outside: Outside, request: Request) -> tuple[Schedule, str]:
    """The schedule in the path, with its version. Raises RequestRefusedError if there is none, or
    one of its pools is beyond the caller's reach."""
    found, version = await find(outside, request.path["name"])
    reach_schedule(request.caller, found)
    return found, version


async def reached_or_removed(outside: Outside, request: Request) -> str:
    """The name of a schedule whose runs the caller may read. The pools of a removed schedule are
    not known any more, so reading its runs needs a role for all pools. Raises
    RequestRefusedError."""
    name = _name(request.path["name"])
    if not request.caller.reach.whole:
        await reached(outside, request)
    return name


async def find(outside: Outside, name: str) -> tuple[Schedule, str]:
    """A schedule with its version; schedules of the settings have none. Raises RequestRefusedError
    if there is none."""
    for schedule in outside.options.schedules:
        if schedule.name == name:
            return schedule, ""
    found = await outside.schedules.get(_name(name))
    if found is None:
        raise _unknown(name)
    return found


def _name(name: str) -> str:
    """The name, if it is one that a schedule can have: it becomes part of a key. Raises
    RequestRefusedError."""
    if not NAME.fullmatch(name):
        raise _unknown(name)
    return name


def _unknown(name: str) -> RequestRefusedError:
    text = f"there is no schedule '{name[:100]}'"
    return RequestRefusedError(RefusalKind.NOT_FOUND, "ScheduleNotFound", text)


def must_not_be_of_the_settings(outside: Outside, name: str) -> None:
    """Raises RequestRefusedError if the settings have a schedule of that name."""
    if any(schedule.name == name for schedule in outside.options.schedules):
        text = f"schedule '{name}' is of the app's settings (SCHEDULES), and is changed there"
        raise RequestRefusedError(RefusalKind.CONFLICT, "ScheduleOfSettings", text)


def pools_of_schedule(schedule: Schedule) -> frozenset[HostPoolId]:
    """The pools of what the schedule runs. Empty: its stored request cannot be read."""
    try:
        kept: Any = json.loads(schedule.request)
        drains = (
            [kept]
            if schedule.what is What.DRAIN
            else [drain for wave in kept["waves"] for drain in wave["drains"]]
        )
        return frozenset(StartBody.model_validate(drain).pool() for drain in drains)
    except (ValueError, KeyError, TypeError):
        return frozenset()


def reach_schedule(caller: Caller, schedule: Schedule) -> None:
    """Raises RequestRefusedError if the schedule works on a pool beyond the caller's reach."""
    pools = pools_of_schedule(schedule)
    must_reach_all_of(caller, pools)
    if not pools:
        caller.must_reach_all("a schedule of which it is not known what it runs")
