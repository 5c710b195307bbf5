"""What each address of the app answers."""

import base64
import binascii
import hashlib
import logging
import uuid
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from shared.api import bodies, resources
from shared.api.problems import problem
from shared.api.web import Request, Response
from shared.core.hostpool import HostPoolId
from shared.core.model import Drain
from shared.core.status import Status
from shared.engine import intake
from shared.engine.outside import Outside
from shared.errors import Fault, RequestRefusedError, invalid
from shared.ports import Page

log = logging.getLogger(__name__)

Handler = Callable[[Outside, Request, str], Awaitable[Response]]
"""The third argument says who asks."""

_MOST = 200


async def answer(handler: Handler, outside: Outside, request: Request, by: str) -> Response:
    """Call a handler; its refusals become error bodies, and so does what it did not foresee."""
    try:
        return await handler(outside, request, by)
    except RequestRefusedError as refused:
        return problem(refused)
    except Exception:
        incident = uuid.uuid4().hex[:12]
        log.exception("incident %s: %s %s", incident, request.method, handler.__name__)
        text = f"something went wrong here; the log has more under incident {incident}"
        return Response(500, {"error": {"code": "InternalError", "message": text}})


async def start(outside: Outside, request: Request, by: str) -> Response:
    """POST drains: 202 with the drain and where to watch it."""
    body = bodies.read(bodies.StartBody, request.body)
    key = request.header("repeatability-request-id") or request.header("idempotency-key")
    if len(key) > 200:
        fault = Fault(
            "InvalidValue", "Idempotency-Key", "an idempotency key of at most 200 characters"
        )
        raise invalid((fault,))
    command = intake.Start(
        pool=body.pool(),
        hosts=None if body.hosts == "all" else tuple(body.hosts),
        reason=body.reason,
        policy=body.policy.policy(),
        allow_personal=body.allow_personal,
        unique=key or uuid.uuid4().hex,
        digest=hashlib.sha256(body.model_dump_json().encode()).hexdigest(),
    )
    return _accepted(outside, request, await intake.start(outside, command, by))


async def show(outside: Outside, request: Request, by: str) -> Response:
    """GET drains/{id}."""
    drain = await intake.find(outside, request.path["id"])
    return Response(200, resources.drain_resource(drain), _pace(outside, drain))


async def cancel(outside: Outside, request: Request, by: str) -> Response:
    """POST drains/{id}/cancel: 202; the drain restores what is out."""
    body = bodies.read(bodies.CancelBody, request.body, optional=True)
    drain = await intake.cancel(outside, request.path["id"], by, body.reason)
    return _accepted(outside, request, drain)


async def release(outside: Outside, request: Request, by: str) -> Response:
    """POST drains/{id}/release: maintenance of these hosts, or of all, is done."""
    body = bodies.read(bodies.ReleaseBody, request.body, optional=True)
    hosts = None if body.hosts == "all" else tuple(body.hosts)
    drain = await intake.release(outside, request.path["id"], hosts, by, body.reason)
    return _accepted(outside, request, drain)


async def index(outside: Outside, request: Request, by: str) -> Response:
    """GET drains, newest first: ``hostPool``, ``status``, ``$top``, ``$skipToken``."""
    faults: list[Fault] = []
    pool, status = None, None
    if named := request.query.get("hostPool", ""):
        try:
            pool = HostPoolId.parse(named)
        except ValueError as error:
            faults.append(Fault("InvalidValue", "hostPool", str(error)))
    if told := request.query.get("status", ""):
        known = {s.lower(): s for s in Status}
        status = known.get(told.lower())
        if status is None:
            text = f"one of {', '.join(Status)}"
            faults.append(Fault("InvalidValue", "status", text))
    most, token = _paging(request, faults)
    if faults:
        raise invalid(tuple(faults))
    page = await outside.store.drains(pool, status, most, token)
    return _listed(request, "drains", page, [resources.summary_resource(s) for s in page.items])


async def history(outside: Outside, request: Request, by: str) -> Response:
    """GET drains/{id}/history, oldest first."""
    faults: list[Fault] = []
    most, token = _paging(request, faults)
    if faults:
        raise invalid(tuple(faults))
    drain = await intake.find(outside, request.path["id"])
    page = await outside.store.history(drain.id, most, token)
    entries = [resources.entry_resource(entry) for entry in page.items]
    return _listed(request, f"drains/{drain.id}/history", page, entries)


def _accepted(outside: Outside, request: Request, drain: Drain) -> Response:
    headers = {"Location": request.address(f"drains/{drain.id}"), **_pace(outside, drain)}
    return Response(202, resources.drain_resource(drain), headers)


def _pace(outside: Outside, drain: Drain) -> dict[str, str]:
    return {"Retry-After": resources.retry_after(drain, outside.clock.now())}


def _paging(request: Request, faults: list[Fault]) -> tuple[int, str | None]:
    top, told = request.query.get("$top", "50"), request.query.get("$skipToken", "")
    if not (top.isascii() and top.isdigit() and 1 <= int(top[:9]) <= _MOST):
        faults.append(Fault("InvalidValue", "$top", f"a number from 1 to {_MOST}"))
        top = "50"
    try:
        token = base64.urlsafe_b64decode(told.encode()).decode() if told else None
    except (binascii.Error, ValueError):
        faults.append(Fault("InvalidValue", "$skipToken", "not a token of this list"))
        token = None
    return int(top), token


def _listed[T](
    request: Request, path: str, page: Page[T], items: list[dict[str, object]]
) -> Response:
    body: dict[str, object] = {"value": items}
    if page.next is not None:
        kept = {k: v for k, v in request.query.items() if k in ("hostPool", "status", "$top")}
        kept["$skipToken"] = base64.urlsafe_b64encode(page.next.encode()).decode()
        body["nextLink"] = request.address(path) + "?" + urlencode(kept)
    return Response(200, body)
