"""The trigger for HTTP requests: who is let in, and what the route's handler responds."""

from collections.abc import Callable

import azure.functions as func

from shared.api.http.addresses import base_of
from shared.api.http.admission import admitting
from shared.api.http.callers import ITSELF, Believed, caller_of, name_faults
from shared.api.http.queries import faults as query_faults, values_of
from shared.api.http.representations import representation
from shared.api.http.responding import response_of
from shared.api.http.web import Request
from shared.api.routes import Access, Route
from shared.engine.world.outside import Outside
from shared.ports.telemetry import CALLER
from shared.settings.http import HttpAuth
from shared.settings.settings import Settings


async def respond(
    settings: Settings, connected: Callable[[], Outside], route: Route, req: func.HttpRequest
) -> func.HttpResponse:
    """Respond to a request by the route's handler. ``connected`` returns the outside; it is called
    only when the caller is let in."""
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
    open_ = route.access is Access.ANYBODY
    caller = ITSELF if open_ else caller_of(headers, query, believed(settings))
    if caller is None:
        return func.HttpResponse(status_code=401)
    request = Request(
        req.method, base, headers, values_of(req.url, query), path, req.get_body(),
        (*faults, *name_faults(headers)), caller=caller,
    )  # fmt: skip
    handler = admitting(route.handler, route.access.role, route.also)
    token = CALLER.set(headers.get("traceparent", ""))
    try:
        came = await response_of(handler, connected(), request, caller.name)
    finally:
        CALLER.reset(token)
    sent = representation(request, came)
    return func.HttpResponse(sent.body, status_code=sent.status, headers=sent.headers)


def believed(settings: Settings) -> Believed:
    """Which headers to believe about the caller. App Service authentication sets the principal of
    whom it let in, and removes such headers from all other requests. The settings make sure that it
    is on."""
    by_app_service = settings.http_auth is HttpAuth.APP_SERVICE
    return Believed(by_app_service, settings.trust_principal, settings.access, settings.key_names)
