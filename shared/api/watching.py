"""Waiting for a drain's end: the result address, which a Logic App polls, and the status monitor of
the Microsoft REST guidelines, which azure-core's pollers ask.

A Logic App takes every final 200 for success, whatever its body says; so the result address answers
a 4xx for a drain that failed or was canceled. The monitor always answers 200.
"""

from typing import Any

from shared.api import resources, shapes
from shared.api.web import Request, Response
from shared.core.drain.model import Drain
from shared.core.host.status import ENDED, Status, percent_of
from shared.engine.drains import orders
from shared.engine.world.outside import Outside
from shared.wire.views.ending import error_of, result_resource
from shared.wire.views.words import time

KEY = "code"
"""The function key in the query of a request. A Logic App sends its headers with each poll, and only
those: so such a key travels in ``Location``, and nowhere else."""


async def result(outside: Outside, request: Request, by: str) -> Response:
    """GET drains/{id}/result: 202 while the drain runs, 200 with what came of it, 409 if it failed
    or was canceled."""
    drain = await orders.find(outside, request.path["id"])
    if drain.progress.status not in ENDED:
        return accepted(outside, request, drain, operation_resource(drain))
    if drain.progress.status is Status.SUCCEEDED:
        return Response(200, result_resource(drain))
    error = error_of(drain)
    return Response(409, {"error": error}, {"x-ms-error-code": error["code"]})


async def operation(outside: Outside, request: Request, by: str) -> Response:
    """GET operations/{id}: 200 with where the drain stands."""
    drain = await orders.find(outside, request.path["id"])
    headers = {}
    if drain.progress.status not in ENDED:
        headers["Retry-After"] = resources.retry_after(drain, outside.clock.now())
    return Response(200, operation_resource(drain), headers)


def accepted(outside: Outside, request: Request, drain: Drain, body: Any) -> Response:
    """202 with where to wait for the end."""
    key = request.query.get(KEY, "")
    headers = {
        "Location": request.address(f"drains/{drain.id}/result", {KEY: key} if key else {}),
        "Operation-Location": request.address(f"operations/{drain.id}"),
        "Retry-After": resources.retry_after(drain, outside.clock.now()),
        "ETag": resources.etag(drain),
    }
    return Response(202, body, headers)


def operation_resource(drain: Drain) -> shapes.OperationView:
    status = drain.progress.status
    found: shapes.OperationView = {
        "id": drain.id,
        "status": status.value,
        "createdDateTime": time(drain.control.asked.at),
        "percentComplete": percent_of(host.phase for host in drain.hosts),
    }
    if status is Status.SUCCEEDED:
        found["result"] = result_resource(drain)
    elif status in ENDED:
        found["error"] = error_of(drain)
    return found
