"""Events, each type translated in a file of its own into what the engine can do. No I/O, no decision
of its own: a payload becomes an intent, or is ignored (why), or is malformed (all its faults).

A new type is one file, and one line in the table.
"""

from collections.abc import Callable, Mapping

from shared.engine.events.hearing import Ignored, Intent, Malformed
from shared.events import (
    annotated,
    availability,
    canceled,
    postmaintenance,
    premaintenance,
    released,
    requested,
    scheduled,
)
from shared.events.envelope import Context, Envelope, read

Translate = Callable[[Envelope, Context], Intent]

TYPES: Mapping[str, Translate] = {
    requested.TYPE: requested.translate,
    released.TYPE: released.translate,
    canceled.TYPE: canceled.translate,
    premaintenance.TYPE: premaintenance.translate,
    postmaintenance.TYPE: postmaintenance.translate,
    annotated.TYPE: annotated.translate,
    availability.TYPE: availability.translate,
    scheduled.TYPE: scheduled.translate,
}

_TYPES = {name.lower(): translate for name, translate in TYPES.items()}


def translate(text: str | bytes, context: Context) -> tuple[Envelope, Intent]:
    """An event as it was delivered, in either schema: what it is, and what it asks for. Of an event
    whose type is not for this app nothing else is asked."""
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
