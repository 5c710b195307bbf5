"""The table of event types. A new source is one file, and one line in the table."""

from shared.core.events.intents import EventIntent
from shared.core.events.signals import Ignored, Malformed
from shared.events import health, own, scheduled, updatemanager
from shared.events.envelope import Context, Envelope, Translators, read

TYPES: Translators[EventIntent] = {
    **own.TYPES,
    **updatemanager.TYPES,
    **health.TYPES,
    **scheduled.TYPES,
}

_TYPES = {name.lower(): translate for name, translate in TYPES.items()}


def translate(text: str | bytes, context: Context) -> tuple[Envelope, EventIntent]:
    """An event as it was delivered, in either schema: its envelope, and what it asks for. An event
    of a type that is not for this app is ignored, whatever else is wrong with it."""
    envelope, faults = read(text)
    if faults:
        return envelope, Malformed(faults)
    known = _TYPES.get(envelope.type.lower())
    if known is None:
        return envelope, Ignored(f"events of type '{envelope.type[:100]}' are not for this app")
    intent = known(envelope, context)
    if envelope.faults and not isinstance(intent, Ignored):
        also = intent.faults if isinstance(intent, Malformed) and envelope.data else ()
        return envelope, Malformed((*envelope.faults, *also))
    return envelope, intent
