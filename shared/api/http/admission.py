"""What comes before every handler: the caller has the role that the address needs, and it is the caller's own
wish."""

from dataclasses import replace
from functools import wraps

from shared.api.http.callers import with_reach
from shared.api.http.responding import Handler
from shared.api.http.web import Request, Response
from shared.core.access.roles import Role
from shared.engine.world.outside import Outside
from shared.errors import RefusalKind, RequestRefusedError


def _must_not_come_from_elsewhere(request: Request) -> None:
    """Raises RequestRefusedError for what another site makes a reader's browser send: it would bring the reader's
    cookie of App Service authentication along. Browsers say so in a header that no script can set."""
    if request.method != "GET" and request.header("sec-fetch-site") in ("cross-site", "same-site"):
        text = "a page of another site sent this"
        raise RequestRefusedError(RefusalKind.DENIED, "CrossSiteRequest", text)


def admitting(handler: Handler, needed: Role | None, also: str = "") -> Handler:
    """The handler, for callers with a role only: it is given the pools on which they have it. ``also``: another
    role of a token that is enough."""

    @wraps(handler)
    async def handle(outside: Outside, request: Request, by: str) -> Response:
        _must_not_come_from_elsewhere(request)
        caller = with_reach(request.caller, needed, also)
        return await handler(outside, replace(request, caller=caller), by)

    return handle
