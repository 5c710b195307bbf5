"""Drains: started, shown, listed; their history; and the hosts that are out."""

import uuid
from datetime import timedelta

from shared.api import resources
from shared.api.paging import listed, page_asked, paging
from shared.api.watching import accepted
from shared.api.web import Request, Response
from shared.core.host.orders import Answer
from shared.core.host.status import Status
from shared.core.values import uniques
from shared.core.values.hostpool import HostPoolId
from shared.engine.drains import answers, intake, orders
from shared.engine.drains.claims import out
from shared.engine.step import looking
from shared.engine.world.outside import Outside
from shared.errors import Fault, invalid
from shared.wire.bodies import read
from shared.wire.commands import read_start, start_of
from shared.wire.fields import moment
from shared.wire.orders import AnswerBody
from shared.wire.views.history import entry_resource


async def start(outside: Outside, request: Request, by: str) -> Response:
    """POST drains: 202 with the drain and where to watch it; ``?dryRun=true``: 200 with what it
    would do, and nothing is touched."""
    body = read_start(request.body, outside.options.allowed)
    key = request.header("repeatability-request-id") or request.header("idempotency-key")
    if len(key) > 200:
        fault = Fault(
            "InvalidValue", "Idempotency-Key", "an idempotency key of at most 200 characters"
        )
        raise invalid((fault,))
    asked = start_of(
        body, outside.clock.now(), uniques.of_caller(key or uuid.uuid4().hex), request.base
    )
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
    body = read(AnswerBody, request.body)
    said = Answer(outside.clock.now(), body.status == "Succeeded", body.message)
    drain = await answers.answer(outside, request.path["id"], request.path["token"], said)
    return Response(200, {"drain": drain.id, "status": body.status})


async def index(outside: Outside, request: Request, by: str) -> Response:
    """GET drains, newest first: ``hostPool``, ``status``, ``$top``, ``$skipToken``."""
    faults: list[Fault] = []
    pool, status = _pool_asked(request, faults), None
    if told := request.query.get("status", ""):
        known = {s.lower(): s for s in Status}
        status = known.get(told.lower())
        if status is None:
            text = f"one of {', '.join(Status)}"
            faults.append(Fault("InvalidValue", "status", text))
    most, token = paging(request, faults)
    if faults:
        raise invalid(tuple(faults))
    page = await outside.store.drains(pool, status, most, token)
    return listed(request, "drains", page, [resources.summary_resource(s) for s in page.items])


async def claims(outside: Outside, request: Request, by: str) -> Response:
    """GET claims: every host that is out, left drained, or was put back by the watchdog."""
    faults: list[Fault] = []
    pool = _pool_asked(request, faults)
    if faults:
        raise invalid(tuple(faults))
    found = await out(outside, pool)
    return Response(200, {"value": [resources.claim_resource(each) for each in found]})


async def overdue(outside: Outside, request: Request, by: str) -> Response:
    """GET overdue: hosts of a pool that were not maintained since a time, or for so long; those of
    which nothing is known first."""
    faults: list[Fault] = []
    pool = _pool_asked(request, faults)
    if pool is None and not faults:
        faults.append(Fault("MissingField", "hostPool", "hostPool: is required"))
    try:
        since = moment(request.query.get("since", "P30D"))
    except ValueError as error:
        faults.append(Fault("InvalidValue", "since", f"since: {error}"))
    if faults or pool is None:
        raise invalid(tuple(faults))
    before = outside.clock.now() - since if isinstance(since, timedelta) else since
    found = await looking.overdue(outside, pool, before)
    return Response(200, {"value": [resources.overdue_resource(*each) for each in found]})


async def events(outside: Outside, request: Request, by: str) -> Response:
    """GET events, newest first: what came, and what came of it."""
    most, token = page_asked(request)
    page = await outside.inbox.events(most, token)
    return listed(request, "events", page, [resources.heard_resource(h) for h in page.items])


async def history(outside: Outside, request: Request, by: str) -> Response:
    """GET drains/{id}/history, oldest first."""
    most, token = page_asked(request)
    drain = await orders.find(outside, request.path["id"])
    page = await outside.store.history(drain.id, most, token)
    entries = [entry_resource(entry) for entry in page.items]
    return listed(request, f"drains/{drain.id}/history", page, entries)


def _pool_asked(request: Request, faults: list[Fault]) -> HostPoolId | None:
    """What ``hostPool`` in the query names."""
    named = request.query.get("hostPool", "")
    try:
        return HostPoolId.parse(named) if named else None
    except ValueError as error:
        faults.append(Fault("InvalidValue", "hostPool", str(error)))
        return None
