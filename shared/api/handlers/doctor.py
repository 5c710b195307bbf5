"""The doctor: what is wrong with the installation, and what to do about it."""

from shared.api.http.queries import pool_asked
from shared.api.http.web import Request, Response
from shared.api.views.doctor import doctor_view
from shared.core.start.doctor.page import text_of
from shared.engine.doctor.examine import POOLS, examine
from shared.engine.world.outside import Outside


async def doctor(outside: Outside, request: Request, by: str) -> Response:
    """GET doctor: 200 whatever it finds; ``status`` says how bad it is. It examines the host pools
    within the caller's reach."""
    pool = pool_asked(request)
    most = int(request.query.get("$top", POOLS))
    found = await examine(outside, pool, most, request.caller.reach)
    if request.query.get("format", "").lower() == "markdown":
        return Response(200, text_of(found.findings, found.left), kind="text/markdown")
    return Response(200, doctor_view(found))
