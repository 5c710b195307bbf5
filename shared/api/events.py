"""Events by HTTP: alerts, which an action group posts, and the simulation of any event."""

from shared.api import resources, shapes
from shared.api.answering import Handler
from shared.api.web import Request, Response
from shared.core.events.heard import EventKey
from shared.core.events.intents import Intent
from shared.core.events.notices import Malformed
from shared.engine.events.foresee import Foreseen, Step, foresee
from shared.engine.events.hearing import hear
from shared.engine.world.outside import Outside
from shared.errors import Fault, RefusalKind, RequestRefusedError
from shared.events import alert as alerts
from shared.events.envelope import Context
from shared.events.translators import translate

_LARGEST = 1024 * 1024


async def alert(outside: Outside, request: Request, by: str) -> Response:
    """POST alerts: 202 with what is known of it so far; it is seen to within seconds."""
    key, intent = alerts.translate(_text(request), _context(outside, request))
    if isinstance(intent, Malformed):
        faults = tuple(Fault("MalformedAlert", "data", text) for text in intent.faults)
        text = intent.faults[0] if len(faults) == 1 else f"the alert has {len(faults)} faults"
        raise RequestRefusedError(RefusalKind.INVALID, "MalformedAlert", text, faults)
    return Response(202, resources.heard_resource(await hear(outside, key, intent)))


async def simulate(outside: Outside, request: Request, by: str) -> Response:
    """POST events/simulate: 200 with what the event, or the alert, would do."""
    text, context = _text(request), _context(outside, request)
    key, intent = _understood(text, context)
    return Response(200, _foreseen(key, await foresee(outside, key, intent)))


def _understood(text: bytes, context: Context) -> tuple[EventKey, Intent]:
    if alerts.is_alert(text):
        return alerts.translate(text, context)
    envelope, intent = translate(text, context)
    return envelope.key, intent


def _text(request: Request) -> bytes:
    if len(request.body) > _LARGEST:
        text = f"a body of at most {_LARGEST} bytes"
        raise RequestRefusedError(RefusalKind.INVALID, "BodyTooLarge", text)
    return request.body


def _context(outside: Outside, request: Request) -> Context:
    return Context(outside.clock.now(), request.base, outside.options.allowed)


def _foreseen(key: EventKey, found: Foreseen) -> shapes.ForeseenView:
    return {
        "type": key.type,
        "id": key.id,
        "subject": key.subject,
        "understood": found.understood,
        "would": [_step(step) for step in found.steps],
        "notes": list(found.notes),
    }


def _step(step: Step) -> shapes.StepView:
    return {
        "do": step.do,
        "text": step.text,
        "hostPool": step.pool or None,
        "drain": step.drain or None,
        "rule": step.rule or None,
        "hosts": list(step.hosts),
        "plan": resources.plan_resource(step.preview) if step.preview is not None else None,
    }


HANDLERS: dict[str, Handler] = {"alert": alert, "simulate": simulate}
"""What ``function_app.py`` calls by name, beside those of ``shared.api.routes``."""
