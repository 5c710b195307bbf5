"""Handles the signals that wait in the inbox, all together, so that a burst of events becomes few
drains.

A signal stays in the inbox until it has been handled, and every act can be repeated without harm.
So a crash on the way costs nothing.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from shared.core.events.records import EventOutcome, EventRecord
from shared.core.events.signals import Says, Signal
from shared.core.events.sources import source_of
from shared.core.events.waiting import asked_again_after, rest_of, still_come
from shared.engine.events.carryout import carry_out
from shared.engine.events.findings import AGAIN, CallOff, Triage
from shared.engine.events.triage import triage
from shared.engine.world.outside import Outside
from shared.engine.world.together import together
from shared.errors import LeaseHeldError, UnreadableError
from shared.ports import SeeToEvents
from shared.ports.measures import EVENTS

log = logging.getLogger(__name__)

KEY = "events"
"""The name of the lease under which signals are handled."""
MOST = 2000
COME_BACK = timedelta(seconds=3)
WORK = SeeToEvents()


async def put(outside: Outside, signal: Signal) -> None:
    """Put a signal into the inbox and send the message that has it handled. Nothing is done about
    it yet."""
    settle = outside.options.settle
    await outside.inbox.due(signal.at + settle)
    await outside.inbox.put(signal)
    await outside.queue.send(WORK, settle)


async def see_to(outside: Outside) -> None:
    """Handle the waiting signals, once no more of them arrive at the same moment."""
    now = outside.clock.now()
    try:
        lease = await outside.store.acquire(KEY, outside.options.holder, now, outside.options.lease)
    except LeaseHeldError:
        await outside.queue.send(WORK, COME_BACK)
        return
    try:
        again = await _see_to(outside)
    finally:
        await outside.store.release(lease)
    at = outside.clock.now() + again if again is not None else None
    times = [time for time in (at, await outside.inbox.next_at()) if time is not None]
    await outside.inbox.due(min(times, default=None))
    if again is not None:
        await outside.queue.send(WORK, again)


async def _see_to(outside: Outside) -> timedelta | None:
    """Handle the waiting signals. Returns how long until the rest is to be handled; None: nothing
    is left. A postponed signal costs nothing until its time, and is then handled along with new
    ones."""
    now, settle = outside.clock.now(), outside.options.settle
    new = await outside.inbox.waiting(MOST)
    ats = [signal.at for signal in new if signal.not_before is None]
    if still_come(ats, settle, now):
        return settle
    there = {signal.key.digest for signal in new}
    come = await _come(outside, now, there)
    waiting = (*new, *come)
    if not waiting:
        return None
    found = await triage(outside, waiting)
    for todo in found.todos:
        await carry_out(outside, found, todo)
    left = [signal for signal in waiting if _left(found, signal)]
    await together(partial(_keep, outside, found), left)
    ours = {signal.key.digest for signal in left}
    early = [n for n in waiting if n.key.digest in found.early.keys() - found.later - ours]
    await together(partial(_postpone, outside, found), early)
    kept = found.later | ours | {signal.key.digest for signal in early}
    rest = [signal for signal in waiting if signal.key.digest not in kept]
    recalled = await together(partial(_settle, outside, found), rest)
    if found.later:
        return outside.options.pace.usual
    if any(recalled) or MOST in (len(new), len(come)):
        return timedelta(0)
    idle = outside.options.pace.idle
    return asked_again_after(found.decides_at, idle, outside.clock.now()) if ours else None


async def _come(outside: Outside, now: datetime, there: set[str]) -> tuple[Signal, ...]:
    """The postponed signals whose time has come. What is left of signals that were settled, or
    postponed to another time, by a process that died meanwhile is removed here."""
    found = []
    for signal in await outside.inbox.come(now, MOST):
        try:
            event = await outside.inbox.event(signal.key)
        except UnreadableError:
            log.exception("a signal is not seen to, and stays")
            continue
        postponed = (EventOutcome.WAITING, signal.not_before)
        if event is None or (event.outcome, event.until) == postponed:
            if signal.key.digest not in there:
                found.append(signal)
        else:
            await outside.inbox.stands_aside(signal)
    return tuple(found)


def _left(found: Triage, signal: Signal) -> bool:
    """Whether other drains have some hosts of the signal, and the rest of it has been handled.
    Hosts of a maintenance run that was cancelled are not asked for any more."""
    digest = signal.key.digest
    if digest not in found.taken or digest in found.later:
        return False
    return not any(isinstance(todo, CallOff) and signal in todo.signals for todo in found.todos)


async def _keep(outside: Outside, found: Triage, signal: Signal) -> None:
    """Keep what is left of a signal waiting, with what it waits for in the event's record."""
    digest = signal.key.digest
    rest = rest_of(signal, found.taken[digest] | found.early.get(digest, {}).keys())
    if rest is not None or signal.not_before is not None:
        await outside.inbox.keep(rest or signal)
    await outside.inbox.note_event(_waiting(found, signal, AGAIN))
    await outside.inbox.stands_aside(signal)


async def _postpone(outside: Outside, found: Triage, signal: Signal) -> None:
    """Postpone what is left of a signal until its time, with the time and the reason in the event's
    record."""
    early = found.early[signal.key.digest]
    until = min(early.values())
    rest = rest_of(signal, early.keys()) or signal
    # The order matters: wherever the process dies, one of the places holds the signal, and the
    # event's record is true.
    await outside.inbox.postpone(replace(rest, not_before=until))
    await outside.inbox.note_event(replace(_waiting(found, signal), until=until))
    await outside.inbox.lies_elsewhere(signal)
    if signal.not_before != until:
        await outside.inbox.stands_aside(signal)


def _waiting(found: Triage, signal: Signal, *more: str) -> EventRecord:
    text, drain = found.said(signal, *more), found.drain_of(signal)
    return EventRecord(signal.key, signal.at, EventOutcome.WAITING, text, drain)


async def _settle(outside: Outside, found: Triage, signal: Signal) -> bool:
    """Record the result of a signal and remove it from the inbox. Returns whether postponed signals
    of the same matter were recalled and must be handled."""
    digest = signal.key.digest
    outcome = EventOutcome.REFUSED if digest in found.refused else EventOutcome.IGNORED
    if digest in found.acted:
        outcome = EventOutcome.ACTED
    recalled = False
    if signal.says is not Says.DRAIN and signal.about:
        await outside.inbox.note_over(signal.about, signal.happened_at)
        recalled = await outside.inbox.recall(signal.about)
    text = found.said(signal) or "nothing had to be done"
    event = EventRecord(signal.key, signal.at, outcome, text, found.drain_of(signal))
    await outside.inbox.note_event(event)
    await outside.inbox.settled(signal)
    count(outside, event)
    log.info("event %s %s: %s", signal.key.type, outcome, text[:200])
    return recalled


def count(outside: Outside, event: EventRecord) -> None:
    """Count an event and its outcome in the app's metrics."""
    source = source_of(event.key.type)
    outside.telemetry.count(EVENTS, source=source, outcome=str(event.outcome))
