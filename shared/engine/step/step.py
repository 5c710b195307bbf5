"""One step of one drain: take the lease, observe, decide, save claim and intent, act, save the
outcome.

The intent is saved before the first effect. Else a crash right after the effect would leave a host
in drain mode that no record knows.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial

from shared.core.drain.history.facts import StepFailed
from shared.core.drain.history.history import Entry
from shared.core.drain.model import Drain
from shared.core.flow.flow import Decision, decide
from shared.core.flow.outcomes import entries_left, left_behind, recover
from shared.core.flow.progress import goes_back
from shared.core.flow.wayback import failed, lightened, supposed, unlisted
from shared.core.host.host import HostRecord
from shared.core.host.status import ENDED
from shared.core.observation.seen import Seen
from shared.core.users.naming import Naming, naming_of
from shared.core.values.drainid import pool_key_of
from shared.core.values.pace import Pace
from shared.engine.callbacks.delivery import send_for
from shared.engine.callbacks.publishing import followed
from shared.engine.notifications.passing import after_step
from shared.engine.step.acting import Acting
from shared.engine.step.forecasting import foreseen
from shared.engine.step.measuring import tell_begin, tell_end
from shared.engine.step.observe import observe
from shared.engine.step.readings import Readings, lack_of
from shared.engine.world.outside import Outside
from shared.errors import (
    STORE_ERRORS,
    LeaseHeldError,
    OutsideError,
    RecordTooLargeError,
    ThrottledError,
)
from shared.ports import HURRY, Lease, TakeStep, about
from shared.ports.measures import SpanName
from shared.ports.telemetry import StepSpan

log = logging.getLogger(__name__)


class Came(Enum):
    """How a step went, and whether other drains of the pool may be waiting for their steps."""

    HELD = auto()
    """Somebody else holds the lease: nothing was done."""
    ALONE = auto()
    """No other drain has claims in the pool."""
    SHARED = auto()
    """Other drains of the pool may be waiting for their steps, or that is not known."""


type See = Callable[[Drain], Awaitable[Seen]]
"""Observes a drain's pool. Raises OutsideError."""

ABANDONED = timedelta(minutes=15)
"""A request that has not recorded its drain after this time died on the way: no function runs that
long."""


async def step(outside: Outside, work: TakeStep, readings: Readings | None = None) -> Came:
    """Move a drain on by one look, and send the message for the next look.

    A message with an older step number is a repeat and does nothing. ``readings``: what was read
    for other drains of the pool a moment ago. Raises LeaseLostError, and what the store raises.
    """
    pool_key = pool_key_of(work.drain)
    with about(drain=work.drain, pool=pool_key), outside.telemetry.step(work.drain) as span:
        return await _step(outside, work, pool_key, readings or Readings(outside), span)


async def _step(
    outside: Outside, work: TakeStep, pool_key: str, readings: Readings, span: StepSpan
) -> Came:
    now = outside.clock.now()
    try:
        lease = await outside.store.acquire(
            pool_key, outside.options.holder, now, outside.options.lease
        )
    except LeaseHeldError:
        return Came.HELD
    came = Came.SHARED  # until the claims are read: others may have found the lease held meanwhile
    try:
        drain = await outside.store.load(work.drain, lease)
        if drain is None:
            await outside.store.discard(work.drain, now - ABANDONED)
            return came
        if work.step_number is not None and work.step_number != drain.progress.step_number:
            return came
        before = drain
        span.begin(drain.control.trace, drain.progress.step_number + 1, drain.progress.look_at)
        tell_begin(outside, drain, now)
        if drain.progress.status not in ENDED:
            drain = await followed(outside, drain)
            claims = await outside.store.claims(pool_key, lease, drain)
            if all(claim.drain == drain.id for claim in claims):
                came = Came.ALONE
            see = partial(observe, outside, claims=claims, now=now, readings=readings)
            drain = await _look(outside, lease, drain, now, see)
        if drain.progress.status in ENDED:
            await outside.store.let_go(drain.id, None)  # hosts whose addition came too late
    finally:
        await outside.store.release(lease)
    tell_end(outside, before, drain)
    if drain.progress.status in ENDED:
        # while the index holds the drain, a lost notification is found by the timer
        await after_step(outside, drain, ended=True)
        await _schedule(outside, drain)
    else:
        await _schedule(outside, drain)
        await after_step(outside, drain, ended=False)
    await send_for(outside, before, drain)
    return came


async def _look(outside: Outside, lease: Lease, loaded: Drain, now: datetime, see: See) -> Drain:
    """Observe, decide and carry out. Anything that fails unforeseen leads to the way back, which
    needs none of what may have failed."""
    try:
        drain, left = recover(loaded, now, outside.options.pace)
        drain = _next(drain)
        decision = await _decided(outside, lease, drain, now, see)
        return await Acting(outside, lease, loaded, drain, decision, left).carry_out()
    except STORE_ERRORS:  # the queue shows the message again
        raise
    except Exception as error:
        log.exception("drain %s: a step failed as nobody foresaw", loaded.id)
        what, too_large = type(error).__name__, isinstance(error, RecordTooLargeError)
    pace = outside.options.pace
    fresh = await outside.store.load(loaded.id) or loaded
    naming = naming_of(fresh.control)
    hosts = [_settled(host, now, pace, naming) for host in fresh.hosts]
    hosts = [lightened(host) for host in hosts] if too_large else hosts
    drain = _next(replace(fresh, hosts=tuple(hosts)))
    decision = failed(drain, what, now, pace)
    at = outside.clock.now()
    entries = [*entries_left(fresh, at)]
    if drain.progress.failures % 20 == 0:
        entries.append(Entry(at, StepFailed(what)))
    return await Acting(outside, lease, fresh, drain, decision, entries).carry_out()


def _next(drain: Drain) -> Drain:
    return replace(
        drain, progress=replace(drain.progress, step_number=drain.progress.step_number + 1)
    )


def _settled(host: HostRecord, now: datetime, pace: Pace, naming: Naming) -> HostRecord:
    """The host's record with intents that a crash left open counted as of unknown outcome."""
    try:
        return left_behind(host, now, pace, naming)
    except Exception:
        with about(host=host.name):
            log.exception("host %s: its intents could not be given their outcomes", host.key)
        return supposed(host, now, pace)


async def _decided(
    outside: Outside, lease: Lease, drain: Drain, now: datetime, see: See
) -> Decision:
    pace = outside.options.pace
    hurry = HURRY.set(goes_back(drain, now))
    try:
        with outside.telemetry.part(SpanName.OBSERVE):
            seen = await see(drain)
    except OutsideError as error:
        decision = unlisted(drain, lack_of(error), now, pace)
        if isinstance(error, ThrottledError):
            return _not_before(decision, now + error.retry_after)
        return decision
    finally:
        HURRY.reset(hurry)
    with outside.telemetry.part(SpanName.DECIDE):
        decision = decide(drain, seen, now, pace)
    return await foreseen(outside, lease, decision, seen, now)


def _not_before(decision: Decision, at: datetime) -> Decision:
    """The decision with its next look not before ``at``, when the service may be asked again."""
    progress = decision.drain.progress
    if progress.look_at is None or progress.look_at >= at:
        return decision
    later = replace(progress, look_at=at)
    return replace(decision, drain=replace(decision.drain, progress=later))


async def _schedule(outside: Outside, drain: Drain) -> None:
    """Send the message for the next look. The index is written first: if the message is lost, the
    timer finds the drain there."""
    look_at = drain.progress.look_at
    if drain.progress.status in ENDED or look_at is None:
        await outside.store.note_due(drain, None)
        return
    await outside.store.note_due(drain, look_at)
    delay = max(timedelta(0), look_at - outside.clock.now())
    await outside.queue.send(TakeStep(drain.id, drain.progress.step_number), delay)
