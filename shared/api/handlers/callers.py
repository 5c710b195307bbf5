"""The caller itself: who it is and what it may do. The board shows its reader only what they can
do."""

from shared.api.http.web import Request, Response
from shared.api.views.caller import caller_view
from shared.engine.world.outside import Outside


async def show(outside: Outside, request: Request, by: str) -> Response:
    """GET me. Every caller who is let in may ask."""
    return Response(200, caller_view(request.caller))
