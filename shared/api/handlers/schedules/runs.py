"""Runs of schedules, and the report of each."""

from shared.api.handlers.schedules.finding import (
    find,
    reached_or_removed,
    reaches_run,
    runs_reached,
)
from shared.api.http.callers import Caller
from shared.api.http.paging import listed, page_asked, part_of
from shared.api.http.web import Request, Response
from shared.api.views.schedule import run_view
from shared.core.schedules.report import markdown
from shared.core.schedules.runs import run_key
from shared.core.schedules.schedules import Run
from shared.engine.world.outside import Outside
from shared.errors import RefusalKind, RequestRefusedError
from shared.wire.fields import instant


async def index(outside: Outside, request: Request, by: str) -> Response:
    """GET schedules/{name}/runs, the newest first."""
    name = await reached_or_removed(outside, request)
    most, token = page_asked(request)
    if request.caller.reach.whole:
        page = await outside.runs.list(f"{name}|", most, token)
    else:
        page = part_of(await runs_reached(outside, request.caller, name), most, token)
    if not page.items and token is None:
        await find(outside, name)  # those of a schedule that was removed can still be read
    return listed(request, f"schedules/{name}/runs", page, [run_view(r) for r in page.items])


async def report(outside: Outside, request: Request, by: str) -> Response:
    """GET schedules/{name}/report: of the run at ``?at=``, or of the last that has one; as Markdown
    with ``?format=markdown``."""
    name = await reached_or_removed(outside, request)
    found = await _reported(outside, request.caller, name, request.query.get("at", ""))
    told = found.report or {}
    if request.query.get("format", "").lower() == "markdown":
        return Response(200, markdown(told), kind="text/markdown")
    return Response(200, dict(told))


async def _reported(outside: Outside, caller: Caller, name: str, at: str) -> Run:
    found: tuple[Run, ...]
    if at:
        known = await outside.runs.get(run_key(name, instant(at)))
        found = (known[0],) if known is not None else ()
    else:
        found = (await outside.runs.list(f"{name}|", 50, None)).items
    for run in found:
        if run.report is not None and reaches_run(caller, run):
            return run
    text = f"there is no report of schedule '{name}'" + (f" for {at[:40]}" if at else " yet")
    raise RequestRefusedError(RefusalKind.NOT_FOUND, "ReportNotFound", text)
