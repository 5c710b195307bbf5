"""Events over HTTP: the events that arrived, alerts posted by an action group, and the simulation
of any event."""

from shared.api.http.paging import listed, page_asked
from shared.api.http.web import Request, Response
from shared.api.views.event import event_view, foreseen_view
from shared.core.events.intents import EventIntent
from shared.core.events.records import EventKey
from shared.core.events.signals import Malformed
from shared.engine.events.preview import foresee
from shared.engine.events.reception import hear
from shared.engine.world.outside import Outside
from shared.errors import Fault, RefusalKind, RequestRefusedError
from shared.events import alert as alerts
from shared.events.envelope import Context
from shared.events.translators import translate


async def index(outside: Outside, request: Request, by: str) -> Response:
    """GET events, newest first: what arrived, and with which result."""
    request.caller.must_reach_all("events")
    most, token = page_asked(request)
    page = await outside.inbox.events(most, token)
    return listed(request, "events", page, [event_view(h) for h in page.items])


async def alert(outside: Outside, request: Request, by: str) -> Response:
    """POST alerts: 202 with what is known of the alert so far. It is handled within seconds."""
    request.caller.must_reach_all("alerts")
    key, intent = alerts.translate(request.body, _context(outside, request))
    if isinstance(intent, Malformed):
        faults = tuple(Fault("MalformedAlert", "data", text) for text in intent.faults)
        text = intent.faults[0] if len(faults) == 1 else f"the alert has {len(faults)} faults"
        raise RequestRefusedError(RefusalKind.INVALID, "MalformedAlert", text, faults)
    return Response(202, event_view(await hear(outside, key, intent)))


async def simulate(outside: Outside, request: Request, by: str) -> Response:
    """POST events/simulate: 200 with what the event or alert would do."""
    request.caller.must_reach_all("simulated events")
    text, context = request.body, _context(outside, request)
    key, intent = _understood(text, context)
    return Response(200, foreseen_view(key, await foresee(outside, key, intent)))


def _understood(text: bytes, context: Context) -> tuple[EventKey, EventIntent]:
    if alerts.is_alert(text):
        return alerts.translate(text, context)
    envelope, intent = translate(text, context)
    return envelope.key, intent


def _context(outside: Outside, request: Request) -> Context:
    return Context(outside.clock.now(), request.base, outside.options.allowed)
