"""Waiting for a drain's end: the result address, which a Logic App polls, and the status monitor of
the Microsoft REST guidelines, which the pollers of azure-core ask.

A Logic App takes every final 200 for success, whatever the body says. So the result address
responds with a 4xx for a drain that failed or was canceled. The monitor always responds with 200.
"""

from datetime import datetime
from typing import Any

from shared.api.handlers.reaching import reached
from shared.api.http.versions import etag
from shared.api.http.web import Request, Response
from shared.api.views.drains.drain import drain_view
from shared.api.views.drains.operation import operation_view
from shared.core.drain.summary.overview import Overview
from shared.core.host.status import ENDED, Status
from shared.engine.world.outside import Outside
from shared.wire.views.ending import error_of, result_resource

KEY = "code"
"""The query parameter of the function key. A Logic App repeats its headers with each poll, but not
the query. So a key in the query is repeated in ``Location``, and nowhere else."""


async def result(outside: Outside, request: Request, by: str) -> Response:
    """GET drains/{id}/result: 202 while the drain runs, 200 with its result, 409 if it failed or
    was canceled."""
    drain = await reached(outside, request)
    if drain.progress.status not in ENDED:
        return accepted(outside, request, drain, operation_view(drain))
    if drain.progress.status is Status.SUCCEEDED:
        return Response(200, result_resource(drain))
    error = error_of(drain)
    return Response(409, {"error": error}, {"x-ms-error-code": error["code"]})


async def operation(outside: Outside, request: Request, by: str) -> Response:
    """GET operations/{id}: 200 with the drain's status."""
    drain = await reached(outside, request)
    headers = {}
    if drain.progress.status not in ENDED:
        headers["Retry-After"] = retry_after(drain, outside.clock.now())
    return Response(200, operation_view(drain), headers)


def accepted(outside: Outside, request: Request, drain: Overview, body: Any) -> Response:
    """202 with the addresses at which to wait for the drain's end."""
    key = request.query.get(KEY, "")
    headers = {
        "Location": request.address(f"drains/{drain.id}/result", {KEY: key} if key else {}),
        "Operation-Location": request.address(f"operations/{drain.id}"),
        "Retry-After": retry_after(drain, outside.clock.now()),
        "ETag": etag(drain.version),
    }
    return Response(202, body, headers)


def shown(request: Request, drain: Overview, now: datetime) -> Response:
    """200 with a drain, the version that orders are given on, and when to ask again."""
    headers = {"Retry-After": retry_after(drain, now), "ETag": etag(drain.version)}
    return Response(200, drain_view(drain, request, now), headers)


def retry_after(drain: Overview, now: datetime) -> str:
    """In how many seconds asking again may show something new, from 1 to 60."""
    look_at = drain.progress.look_at
    if drain.progress.status in ENDED or look_at is None:
        return "1"
    return str(min(60, max(1, round((look_at - now).total_seconds()) + 1)))
