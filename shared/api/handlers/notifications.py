"""Notifications: what waits, what was given up, and a test message."""

from shared.api.http.web import Request, Response
from shared.api.views.notification import receiver_view, tried_view
from shared.engine.notifications import reading
from shared.engine.notifications.trying import try_receiver
from shared.engine.world.outside import Outside
from shared.wire.bodies import read
from shared.wire.notifications import TryBody


async def index(outside: Outside, request: Request, by: str) -> Response:
    """GET notifications. They may be about any pool, so the caller needs a role for all pools."""
    request.caller.must_reach_all("what receivers are told")
    lanes, unreadable = await reading.lanes(outside)
    now = outside.clock.now()
    views = [
        receiver_view(each, lanes.get(each.name), now, readable=each.name not in unreadable)
        for each in outside.options.notifications.receivers
    ]
    return Response(200, {"value": views})


async def test(outside: Outside, request: Request, by: str) -> Response:
    """POST notifications/test: 200 whatever the result, which ``taken`` says. It is about no pool,
    so the caller needs a role for all pools."""
    body = read(TryBody, request.body)
    request.caller.must_reach_all("a test message")
    return Response(200, tried_view(await try_receiver(outside, body.receiver, by)))
