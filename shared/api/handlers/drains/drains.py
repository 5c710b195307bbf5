"""Drains: start, show, list; their hosts, policy and history; and the replies of webhooks."""

import uuid
from dataclasses import replace

from shared.api.handlers.drains.waiting import accepted, shown
from shared.api.handlers.reaching import reached, reached_control
from shared.api.http.filters import hosts_asked
from shared.api.http.paging import listed, page_asked
from shared.api.http.queries import pool_asked
from shared.api.http.web import Request, Response, dry_run, idempotency_key
from shared.api.views.drains.availability import availability_view
from shared.api.views.drains.drain import drain_view
from shared.api.views.drains.expected import expected_view
from shared.api.views.drains.host import host_view
from shared.api.views.drains.plan import plan_view
from shared.core.host.orders import Answer
from shared.core.host.status import Status
from shared.core.values import uniques
from shared.engine.drains import answers, intake
from shared.engine.drains.forecasts import expected_ends
from shared.engine.world.outside import Outside
from shared.wire.bodies import read
from shared.wire.commands import read_asked, start_of
from shared.wire.derived import as_written
from shared.wire.orders import AnswerBody
from shared.wire.start import StartBody
from shared.wire.views.history import entry_resource


async def start(outside: Outside, request: Request, by: str) -> Response:
    """POST drains: 202 with the drain and where to watch it. ``?dryRun=true``: 200 with what it
    would do; nothing is touched."""
    body = read_asked(StartBody, request.body, outside.options.allowed)
    request.caller.must_reach(body.pool())
    key = idempotency_key(request)
    asked = replace(
        start_of(
            body, outside.clock.now(), uniques.of_caller(key or uuid.uuid4().hex), request.base
        ),
        caller=request.caller.id,
    )
    if dry_run(request):
        preview = await intake.preview(outside, asked, by)
        return Response(200, plan_view(preview))
    drain = await intake.start(outside, asked, by)
    now = outside.clock.now()
    return accepted(outside, request, drain, drain_view(drain, request, now))


async def show(outside: Outside, request: Request, by: str) -> Response:
    """GET drains/{id}: the drain, with its hosts counted."""
    drain = await reached(outside, request)
    return shown(request, drain, outside.clock.now())


async def hosts(outside: Outside, request: Request, by: str) -> Response:
    """GET drains/{id}/hosts by name: ``$filter``, ``$top``, ``$skipToken``."""
    wanted = hosts_asked(request)
    most, token = page_asked(request)
    control = await reached_control(outside, request)
    id_ = control.id
    page = await outside.store.hosts(id_, wanted.phases, wanted.needing, most, token)
    now = outside.clock.now()
    ends = await expected_ends(outside, control, page.items, now)
    shown_ = [host_view(control, host, now, ends[host.key]) for host in page.items]
    return listed(request, f"drains/{id_}/hosts", page, shown_)


async def policy(outside: Outside, request: Request, by: str) -> Response:
    """GET drains/{id}/policy."""
    control = await reached_control(outside, request)
    return Response(200, {"id": control.id, "policy": as_written(control.policy)})


async def availability(outside: Outside, request: Request, by: str) -> Response:
    """GET drains/{id}/availability: how its pool stands against the floor, stood, and will."""
    drain = await reached(outside, request)
    whole = drain.forecast.whole if drain.forecast is not None else None
    expected = expected_view(whole, outside.clock.now())
    return Response(200, availability_view(drain, expected))


async def answered(outside: Outside, request: Request, by: str) -> Response:
    """POST drains/{id}/answers/{token}: what a webhook reports of its host. The token in the
    address is all it needs."""
    body = read(AnswerBody, request.body)
    said = Answer(outside.clock.now(), body.status == "Succeeded", body.message)
    drain = await answers.answer(outside, request.path["id"], request.path["token"], said)
    return Response(200, {"drain": drain.id, "status": body.status})


async def index(outside: Outside, request: Request, by: str) -> Response:
    """GET drains, newest first: ``hostPool``, ``status``, ``$top``, ``$skipToken``."""
    status = {s.lower(): s for s in Status}.get(request.query.get("status", "").lower())
    most, token = page_asked(request)
    page = await outside.store.drains(
        pool_asked(request), status, most, token, request.caller.reach
    )
    now = outside.clock.now()
    return listed(request, "drains", page, [drain_view(d, request, now) for d in page.items])


async def history(outside: Outside, request: Request, by: str) -> Response:
    """GET drains/{id}/history, oldest first."""
    most, token = page_asked(request)
    drain = await reached_control(outside, request)
    page = await outside.store.history(drain.id, most, token)
    entries = [entry_resource(entry) for entry in page.items]
    return listed(request, f"drains/{drain.id}/history", page, entries)
