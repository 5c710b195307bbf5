"""The trigger for events from Event Grid."""

from shared.engine.events.reception import hear as take_in
from shared.engine.world.outside import Outside
from shared.events.envelope import Context
from shared.events.translators import translate


async def hear(outside: Outside, text: str) -> None:
    """Do what an event asks for. Raises what may pass when Event Grid delivers the event again."""
    options = outside.options
    context = Context(outside.clock.now(), options.address, options.allowed)
    envelope, intent = translate(text, context)
    await take_in(outside, envelope.key, intent)
