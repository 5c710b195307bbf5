"""``AvdDrain.Drain.Released``: the maintenance is done that somebody else did."""

from shared.engine.events.hearing import Intent
from shared.events import requested
from shared.events.ending import end
from shared.events.envelope import Context, Envelope

TYPE = "AvdDrain.Drain.Released"


def translate(event: Envelope, context: Context) -> Intent:
    return end(event, requested.TYPE, cancel=False)
