"""The hosts of pools: hosts that are out, and hosts that are overdue for maintenance."""

from datetime import timedelta

from shared.api.http.queries import pool_asked
from shared.api.http.web import Request, Response
from shared.api.views.pool import claim_view, overdue_view
from shared.core.values.hostpool import HostPoolId
from shared.engine.drains.claims import out
from shared.engine.step import poolfacts
from shared.engine.world.outside import Outside
from shared.wire.fields import moment


async def claims(outside: Outside, request: Request, by: str) -> Response:
    """GET claims: every host that is out, was left in drain mode, or was put back by the
    watchdog."""
    reach = request.caller.reach
    found = [each for each in await out(outside, pool_asked(request)) if reach.covers(each.pool)]
    return Response(200, {"value": [claim_view(each) for each in found]})


async def overdue(outside: Outside, request: Request, by: str) -> Response:
    """GET overdue: hosts of a pool whose last maintenance was before a time, or longer ago than a
    duration. Hosts without a known maintenance come first."""
    pool = HostPoolId.parse(request.query["hostPool"])
    request.caller.must_reach(pool)
    since = moment(request.query.get("since", "P30D"))
    before = outside.clock.now() - since if isinstance(since, timedelta) else since
    found = await poolfacts.overdue(outside, pool, before)
    return Response(200, {"value": [overdue_view(*each) for each in found]})
