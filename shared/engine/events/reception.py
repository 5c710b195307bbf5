"""Receives events and does what they ask for: once, however often an event comes, and in whatever
order.

What cannot be done is recorded and dropped, since sending it again is no use. A passing failure
raises, so that the sender sends the event again.
"""

import logging
from dataclasses import replace

from shared.core.events.intents import EndDrain, EventIntent, StartDrain
from shared.core.events.records import EventKey, EventOutcome, EventRecord
from shared.core.events.signals import Ignored, Malformed, Signal
from shared.core.host.orders import Order
from shared.engine.drains import intake, orders
from shared.engine.events import handling
from shared.engine.world.outside import Outside
from shared.errors import ANY, RequestRefusedError

log = logging.getLogger(__name__)


BY = "an event"


async def hear(outside: Outside, key: EventKey, intent: EventIntent) -> EventRecord:
    """Do what an event asks for, and return its record. Raises on a passing failure."""
    known = await outside.inbox.event(key)
    if isinstance(intent, Signal) and known is not None and known.until is not None:
        return known  # it is postponed, wherever it is kept
    if isinstance(intent, Signal) and (known is None or known.outcome is EventOutcome.WAITING):
        event = await _keep(outside, intent)
        if known is None:
            handling.count(outside, event)
        return event
    if known is not None and known.outcome is not EventOutcome.EARLY:
        return known
    try:
        outcome, text, drain = await _act(outside, key, intent, known)
    except RequestRefusedError as refused:
        if refused.passing:
            raise
        outcome, text, drain = EventOutcome.REFUSED, "; ".join(refused.texts), ""
    event = EventRecord(key, outside.clock.now(), outcome, text[:1000], drain)
    await outside.inbox.note_event(event)
    handling.count(outside, event)
    log.info("event %s %s: %s", key.type, outcome, drain or text[:200], extra={"drain": drain})
    return event


async def _keep(outside: Outside, signal: Signal) -> EventRecord:
    """Keep a signal, to be handled with others of the same moment. The event is recorded first, so
    that the record of its result is always written later."""
    waiting = EventRecord(signal.key, signal.at, EventOutcome.WAITING, signal.reason[:1000])
    event = await outside.inbox.first(waiting)
    if event.outcome is EventOutcome.WAITING:
        await handling.put(outside, replace(signal, at=event.at))
    return event


async def _act(
    outside: Outside, key: EventKey, intent: EventIntent, early: EventRecord | None
) -> tuple[EventOutcome, str, str]:
    match intent:
        case Ignored(why):
            return EventOutcome.IGNORED, why, ""
        case Malformed(faults):
            return EventOutcome.MALFORMED, "; ".join(faults), ""
        case StartDrain() if early is not None:
            return EventOutcome.IGNORED, f"not begun: {early.text}", ""
        case StartDrain(asked):
            drain = await intake.start(outside, asked, BY)
            return EventOutcome.ACTED, f"started drain {drain.id}", drain.id
        case EndDrain():
            return await _end(outside, intent)
        case Signal():
            return EventOutcome.IGNORED, "it came before, as another event", ""


async def _end(outside: Outside, intent: EndDrain) -> tuple[EventOutcome, str, str]:
    what = "canceled" if intent.cancel else "released"
    drain = intent.drain
    if intent.request is not None:
        asked = await outside.inbox.event(intent.request)
        if asked is None:
            text = f"it was {what} before it came"
            now = outside.clock.now()
            await outside.inbox.note_event(
                EventRecord(intent.request, now, EventOutcome.EARLY, text)
            )
            return EventOutcome.EARLY, "the request that it is about has not come yet", ""
        if not asked.drain:
            return EventOutcome.IGNORED, f"the request that it is about was {asked.outcome}", ""
        drain = asked.drain
    order = Order(BY, outside.clock.now(), intent.why)
    if intent.cancel:
        await orders.cancel(outside, drain, ANY, order)
    else:
        await orders.release(outside, drain, ANY, intent.hosts, order, pass_over_ended=True)
    return EventOutcome.ACTED, f"{what} drain {drain}", drain
