"""Who is asking, and what they may: a page shows its reader what they can do, and no more."""

from shared.api.http.web import Request, Response
from shared.api.views.caller import caller_view
from shared.engine.world.outside import Outside


async def show(outside: Outside, request: Request, by: str) -> Response:
    """GET me. Whoever is let in may ask."""
    return Response(200, caller_view(request.caller))
