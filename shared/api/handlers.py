"""Drains: started, shown, listed; their history; and the hosts that are out."""

import base64
import binascii
import uuid
from collections.abc import Sequence
from functools import partial

from shared.api import bodies, resources
from shared.api.starting import command
from shared.api.watching import accepted
from shared.api.web import Request, Response
from shared.core.hostpool import HostPoolId
from shared.core.orders import Answer
from shared.core.status import Status
from shared.engine import answers, intake, orders
from shared.engine.claims import out
from shared.engine.outside import Outside
from shared.errors import Fault, invalid
from shared.ports import Page

_MOST = 200


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
    asked = command(body, outside.clock.now(), key or uuid.uuid4().hex, request.base)
    if request.query.get("dryRun", "").lower() == "true":
        preview = await intake.preview(outside, asked, by)
        return Response(200, resources.plan_resource(preview))
    drain = await intake.start(outside, asked, by)
    return accepted(outside, request, drain, resources.drain_resource(drain, outside.clock.now()))


async def show(outside: Outside, request: Request, by: str) -> Response:
    """GET drains/{id}."""
    drain = await orders.find(outside, request.path["id"])
    return resources.shown(drain, outside.clock.now())


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


async def events(outside: Outside, request: Request, by: str) -> Response:
    """GET events, newest first: what came, and what came of it."""
    faults: list[Fault] = []
    most, token = _paging(request, faults)
    if faults:
        raise invalid(tuple(faults))
    page = await outside.inbox.events(most, token)
    return _listed(request, "events", page, [resources.heard_resource(h) for h in page.items])


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


def _listed[T](request: Request, path: str, page: Page[T], items: Sequence[object]) -> Response:
    body: dict[str, object] = {"value": list(items)}
    if page.next is not None:
        kept = {k: v for k, v in request.query.items() if k in ("hostPool", "status", "$top")}
        kept["$skipToken"] = base64.urlsafe_b64encode(page.next.encode()).decode()
        body["nextLink"] = request.address(path, kept)
    return Response(200, body)
