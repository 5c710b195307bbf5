"""What each address of the app answers."""

import base64
import binascii
import hashlib
import logging
import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import urlencode

from shared.api import bodies, resources
from shared.api.problems import problem
from shared.api.web import Request, Response
from shared.core.hostpool import HostPoolId
from shared.core.model import Drain
from shared.core.orders import Answer, Order
from shared.core.status import Status
from shared.engine import answers, intake, orders
from shared.engine.claims import out
from shared.engine.outside import Outside
from shared.errors import Fault, RefusalKind, RequestRefusedError, invalid
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
    """POST drains: 202 with the drain and where to watch it; ``?dryRun=true``: 200 with what it
    would do, and nothing is touched."""
    body = bodies.read_start(request.body, partial(intake.policy_faults, outside))
    key = request.header("repeatability-request-id") or request.header("idempotency-key")
    if len(key) > 200:
        fault = Fault(
            "InvalidValue", "Idempotency-Key", "an idempotency key of at most 200 characters"
        )
        raise invalid((fault,))
    command = intake.Start(
        pool=body.pool(),
        selection=body.selection(outside.clock.now()),
        reason=body.reason,
        policy=body.policy_record(),
        allow_personal=body.allow_personal,
        unique=key or uuid.uuid4().hex,
        address=request.address(""),
        digest=hashlib.sha256(body.model_dump_json().encode()).hexdigest(),
    )
    if request.query.get("dryRun", "").lower() == "true":
        preview = await intake.preview(outside, command, by)
        return Response(200, resources.plan_resource(preview))
    return _accepted(outside, request, await intake.start(outside, command, by))


async def show(outside: Outside, request: Request, by: str) -> Response:
    """GET drains/{id}."""
    drain = await orders.find(outside, request.path["id"])
    return Response(
        200, resources.drain_resource(drain, outside.clock.now()), _headers(outside, drain)
    )


async def order(outside: Outside, request: Request, by: str) -> Response:
    """POST drains/{id}/{order}: 202. It needs ``If-Match``: the ETag that was read, or ``*``."""
    what = request.path["order"]
    give = _ORDERS.get(what)
    if give is None:
        text = f"there is no order '{what}'; there are {', '.join(_ORDERS)}"
        raise RequestRefusedError(RefusalKind.NOT_FOUND, "UnknownOrder", text)
    on = request.header("if-match").strip()
    if not on:
        text = "send If-Match with the ETag of the drain as you read it, or * if you don't care"
        raise RequestRefusedError(
            RefusalKind.UNCONDITIONAL, "PreconditionRequired", text, target="If-Match"
        )
    drain = await give(outside, request, resources.version_of(on), by)
    return _accepted(outside, request, drain)


def _asked(outside: Outside, body: bodies.OrderBody, by: str) -> Order:
    return Order(by, outside.clock.now(), body.reason)


async def _cancel(outside: Outside, request: Request, on: str, by: str) -> Drain:
    body = bodies.read(bodies.OrderBody, request.body, optional=True)
    return await orders.cancel(outside, request.path["id"], on, _asked(outside, body, by))


async def _release(outside: Outside, request: Request, on: str, by: str) -> Drain:
    body = bodies.read(bodies.ReleaseBody, request.body, optional=True)
    return await orders.release(
        outside, request.path["id"], on, body.named, _asked(outside, body, by)
    )


async def _skip(outside: Outside, request: Request, on: str, by: str) -> Drain:
    body = bodies.read(bodies.HostsBody, request.body)
    return await orders.skip(
        outside, request.path["id"], on, tuple(body.hosts), _asked(outside, body, by)
    )


async def _add(outside: Outside, request: Request, on: str, by: str) -> Drain:
    body = bodies.read(bodies.HostsBody, request.body)
    return await orders.add(
        outside, request.path["id"], on, tuple(body.hosts), _asked(outside, body, by)
    )


async def _extend(outside: Outside, request: Request, on: str, by: str) -> Drain:
    body = bodies.read(bodies.ExtendBody, request.body)
    return await orders.extend(
        outside, request.path["id"], on, body.by, body.named, _asked(outside, body, by)
    )


async def _pause(outside: Outside, request: Request, on: str, by: str) -> Drain:
    body = bodies.read(bodies.PauseBody, request.body, optional=True)
    return await orders.pause(
        outside, request.path["id"], on, body.stop_clocks, _asked(outside, body, by)
    )


async def _resume(outside: Outside, request: Request, on: str, by: str) -> Drain:
    body = bodies.read(bodies.OrderBody, request.body, optional=True)
    return await orders.resume(outside, request.path["id"], on, _asked(outside, body, by))


_ORDERS = {
    "release": _release,
    "cancel": _cancel,
    "pause": _pause,
    "resume": _resume,
    "extend": _extend,
    "skip": _skip,
    "add": _add,
}


async def answered(outside: Outside, request: Request, by: str) -> Response:
    """POST drains/{id}/answers/{token}: what a webhook says of the host that it was given. The
    token in the address is all that it needs."""
    body = bodies.read(bodies.AnswerBody, request.body)
    said = Answer(outside.clock.now(), body.status == "Succeeded", body.message)
    drain = await answers.answer(outside, request.path["id"], request.path["token"], said)
    return Response(200, {"drain": drain.id, "status": body.status})


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


async def claims(outside: Outside, request: Request, by: str) -> Response:
    """GET claims: every host that is out, left drained, or was put back by the watchdog."""
    named, pool = request.query.get("hostPool", ""), None
    if named:
        try:
            pool = HostPoolId.parse(named)
        except ValueError as error:
            raise invalid((Fault("InvalidValue", "hostPool", str(error)),)) from None
    found = await out(outside, pool)
    return Response(200, {"value": [resources.claim_resource(each) for each in found]})


async def history(outside: Outside, request: Request, by: str) -> Response:
    """GET drains/{id}/history, oldest first."""
    faults: list[Fault] = []
    most, token = _paging(request, faults)
    if faults:
        raise invalid(tuple(faults))
    drain = await orders.find(outside, request.path["id"])
    page = await outside.store.history(drain.id, most, token)
    entries = [resources.entry_resource(entry) for entry in page.items]
    return _listed(request, f"drains/{drain.id}/history", page, entries)


def _accepted(outside: Outside, request: Request, drain: Drain) -> Response:
    headers = {"Location": request.address(f"drains/{drain.id}"), **_headers(outside, drain)}
    return Response(202, resources.drain_resource(drain, outside.clock.now()), headers)


def _headers(outside: Outside, drain: Drain) -> dict[str, str]:
    return {
        "Retry-After": resources.retry_after(drain, outside.clock.now()),
        "ETag": resources.etag(drain),
    }


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
