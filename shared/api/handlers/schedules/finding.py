"""Finds the schedules that requests name, of the settings or made over HTTP, within the caller's
reach."""

from shared.api.handlers.reaching import hiding, must_reach_all_of, reaches
from shared.api.http.callers import Caller
from shared.api.http.web import Request
from shared.core.schedules.schedules import Run, Schedule
from shared.core.values.hostpool import HostPoolId
from shared.engine.world.outside import Outside
from shared.engine.world.records import every
from shared.errors import RefusalKind, RequestRefusedError
from shared.wire.schedules import NAME, pools_of


async def reached(outside: Outside, request: Request) -> tuple[Schedule, str]:
    """The schedule in the path, with its version. Raises RequestRefusedError if there is none, or one of its pools is
    beyond the caller's reach."""
    hidden = unknown(request.path["name"])
    with hiding(request.caller, hidden):
        found, version = await find(outside, request.path["name"])
    reach_schedule(request.caller, found, hidden)
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
        raise unknown(name)
    return found


def _name(name: str) -> str:
    """The name, if it is one that a schedule can have: it becomes part of a key. Raises
    RequestRefusedError."""
    if not NAME.fullmatch(name):
        raise unknown(name)
    return name


def unknown(name: str) -> RequestRefusedError:
    text = f"there is no schedule '{name[:100]}'"
    return RequestRefusedError(RefusalKind.NOT_FOUND, "ScheduleNotFound", text)


def must_not_be_of_the_settings(outside: Outside, name: str) -> None:
    """Raises RequestRefusedError if the settings have a schedule of that name."""
    if any(schedule.name == name for schedule in outside.options.schedules):
        text = f"schedule '{name}' is of the app's settings (SCHEDULES), and is changed there"
        raise RequestRefusedError(RefusalKind.CONFLICT, "ScheduleOfSettings", text)


def reach_schedule(caller: Caller, schedule: Schedule, hidden: RequestRefusedError) -> None:
    """Raises RequestRefusedError for one that works on a pool beyond the caller's reach: ``hidden`` where it is not
    theirs to know of."""
    pools = pools_of(schedule)
    must_reach_all_of(caller, pools, hidden)
    if not pools and not caller.reach.whole:  # it is not known what it runs
        raise hidden


def reaches_run(caller: Caller, run: Run) -> bool:
    """A run is of the pools that its schedule had then: the schedule may be another by now, or another's."""
    return reaches(caller, frozenset(map(HostPoolId.parse, run.pools)))


async def runs_reached(outside: Outside, caller: Caller, name: str) -> list[Run]:
    """All runs of a schedule, the newest first, that are theirs to know of. For whoever is limited to some pools."""
    return [run for run in await every(outside.runs, f"{name}|") if reaches_run(caller, run)]
