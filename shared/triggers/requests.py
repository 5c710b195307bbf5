"""HTTP requests: who is let in, and what the route's handler answers."""

from collections.abc import Callable, Mapping

import azure.functions as func

from shared.api.http.addresses import base_of
from shared.api.http.answering import answer
from shared.api.http.queries import faults as query_faults
from shared.api.http.representations import representation
from shared.api.http.web import Request
from shared.api.routes import Access, Route
from shared.engine.world.outside import Outside
from shared.settings.http import HttpAuth
from shared.settings.settings import Settings


async def respond(
    settings: Settings, connected: Callable[[], Outside], route: Route, req: func.HttpRequest
) -> func.HttpResponse:
    """Answer a request by the route's handler. ``connected``: the outside, for whoever is let in."""
    headers = {key.lower(): value for key, value in req.headers.items()}
    base = base_of(
        req.url,
        headers,
        settings.public_address,
        settings.own_host,
        trust_forwarded=settings.trust_forwarded,
    )
    faults = query_faults(route.query, route.needed, req.url, req.params)
    query, path = dict(req.params), dict(req.route_params)
    request = Request(req.method, base, headers, query, path, req.get_body(), faults)
    if not _let_in(settings, route, headers):
        return func.HttpResponse(status_code=401)
    came = await answer(route.handler, connected(), request, caller(settings, headers))
    sent = representation(request, came)
    return func.HttpResponse(sent.body, status_code=sent.status, headers=sent.headers)


def _let_in(settings: Settings, route: Route, headers: Mapping[str, str]) -> bool:
    """App Service authentication tells the principal of whom it let in, and takes such a header
    from anybody else."""
    if settings.http_auth is HttpAuth.FUNCTION_KEY or route.access is Access.ANYBODY:
        return True
    return bool(headers.get("x-ms-client-principal-id"))


def caller(settings: Settings, headers: Mapping[str, str]) -> str:
    """Who asks, for the history. The principal's name only where it can be believed."""
    by_key = settings.http_auth is HttpAuth.FUNCTION_KEY
    if by_key and not settings.trust_principal:
        return "a caller with a function key"
    told = headers.get("x-ms-client-principal-name") or headers.get("x-ms-client-principal-id")
    return told or "a caller with a function key"
