"""Checks before every handler: the caller has the role that the address needs, and sent the request
on purpose."""

from dataclasses import replace
from functools import wraps

from shared.api.http.callers import with_reach
from shared.api.http.responding import Handler
from shared.api.http.web import Request, Response
from shared.core.access.roles import Role
from shared.engine.world.outside import Outside
from shared.errors import RefusalKind, RequestRefusedError


def _must_not_come_from_elsewhere(request: Request) -> None:
    """Raises RequestRefusedError for a request that another site makes a reader's browser send,
    since it would carry the reader's App Service authentication cookie. Browsers mark such requests
    with a header that no script can set."""
    if request.method != "GET" and request.header("sec-fetch-site") in ("cross-site", "same-site"):
        text = "a page of another site sent this"
        raise RequestRefusedError(RefusalKind.DENIED, "CrossSiteRequest", text)


def admitting(handler: Handler, needed: Role | None, also: str = "") -> Handler:
    """The handler, for callers that have the role ``needed`` (None: any caller). The handler gets
    the pools on which the caller has it. ``also``: an app role in the caller's token that suffices
    instead."""

    @wraps(handler)
    async def handle(outside: Outside, request: Request, by: str) -> Response:
        _must_not_come_from_elsewhere(request)
        caller = with_reach(request.caller, needed, also)
        return await handler(outside, replace(request, caller=caller), by)

    return handle
