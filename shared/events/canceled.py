"""``AvdDrain.Drain.Canceled``: the drain is not wanted any more."""

from shared.engine.events.hearing import Intent
from shared.events import requested
from shared.events.ending import end
from shared.events.envelope import Context, Envelope

TYPE = "AvdDrain.Drain.Canceled"


def translate(event: Envelope, context: Context) -> Intent:
    return end(event, requested.TYPE, cancel=True)
