"""One step of one drain: take the lease, observe, decide, save claim and intent, act, save.

The intent is saved before the first effect: else a crash right after it would leave a drained
host that nobody's record knows.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.core.announcements import newly_in_need
from shared.core.drainid import pool_key_of
from shared.core.flow import decide
from shared.core.model import Drain, Entry
from shared.core.outcomes import apply, entry_of, recover
from shared.core.status import ENDED
from shared.engine.observe import observe
from shared.engine.outside import Outside
from shared.engine.perform import perform
from shared.engine.publishing import follow
from shared.engine.telling import send_for
from shared.errors import LeaseHeldError, OutsideError, ThrottledError
from shared.ports import Lease, Work

COME_BACK = timedelta(seconds=3)
"""When another instance works on the pool."""

ABANDONED = timedelta(minutes=15)
"""A request that has not recorded its drain by then died on the way: no function runs so long."""


async def step(outside: Outside, work: Work) -> None:
    """Move a drain on by one look, and send the message for the next one.

    A message of an older turn is a repeat and does nothing. Raises LeaseLostError, and whatever
    the store raises; then the queue shows the message again.
    """
    now = outside.clock.now()
    pool_key = pool_key_of(work.drain)
    try:
        lease = await outside.store.acquire(
            pool_key, outside.options.holder, now, outside.options.lease
        )
    except LeaseHeldError:
        await outside.queue.send(work, COME_BACK)
        return
    try:
        drain = await outside.store.load(work.drain)
        if drain is None:
            await outside.store.discard(work.drain, now - ABANDONED)
            return
        if work.turn is not None and work.turn != drain.progress.turn:
            return
        before = drain
        if drain.progress.status not in ENDED:
            drain = await follow(outside, drain)
            drain = await _look(outside, drain, lease, now)
        if drain.progress.status in ENDED:
            await outside.store.let_go(drain.id, None)  # what was added too late, or half
    finally:
        await outside.store.release(lease)
    await _schedule(outside, drain)
    await send_for(outside, before, drain)


async def _look(outside: Outside, loaded: Drain, lease: Lease, now: datetime) -> Drain:
    drain, left = recover(loaded, now, outside.options.pace)
    drain = replace(drain, progress=replace(drain.progress, turn=drain.progress.turn + 1))
    try:
        seen = await observe(outside, drain, await outside.store.claims(lease.pool_key), now)
    except OutsideError as error:
        drain = _in_trouble(drain, error, now, outside.options.pace.usual)
        await outside.store.save(lease, loaded, drain, left, last=True)
        return drain
    decision = decide(drain, seen, now, outside.options.pace)
    intended = decision.drain
    known = [*left, *decision.entries, *newly_in_need(drain, intended, now)]
    await outside.store.save(lease, loaded, intended, known, last=not decision.actions)
    if not decision.actions:
        return intended
    done, entries = intended, list[Entry]()
    for action, outcome in await perform(outside, intended, decision.actions, lease):
        at = outside.clock.now()
        hosts = []
        entries.append(entry_of(drain.control, action, outcome, at))
        for host in done.hosts:
            after = host
            if host.key == action.host:
                after = apply(host, action, outcome, at, outside.options.pace)
            if after.phase is not host.phase:
                what = f"{host.phase} → {after.phase}"
                entries.append(Entry(at, what, host.key, why=action.why))
            hosts.append(after)
        done = replace(done, hosts=tuple(hosts))
    entries += newly_in_need(intended, done, outside.clock.now())
    await outside.store.save(lease, intended, done, entries, last=True)
    return done


def _in_trouble(drain: Drain, error: OutsideError, now: datetime, usual: timedelta) -> Drain:
    """The drain after a look that failed: it says so, and looks again."""
    delay = usual
    if isinstance(error, ThrottledError):
        delay = max(delay, error.retry_after)
    progress = replace(
        drain.progress,
        look_at=now + delay,
        trouble=str(error),
        trouble_since=drain.progress.trouble_since or now,
    )
    return replace(drain, progress=progress)


async def _schedule(outside: Outside, drain: Drain) -> None:
    """Into the index first: if the message is then lost, the timer finds the drain there."""
    look_at = drain.progress.look_at
    if drain.progress.status in ENDED or look_at is None:
        await outside.store.note_due(drain, None)
        return
    await outside.store.note_due(drain, look_at)
    delay = max(timedelta(0), look_at - outside.clock.now())
    await outside.queue.send(Work(drain.id, drain.progress.turn), delay)
