"""The work of one host pool: a drain's step, and then the steps of its other drains that are due.

Only one step at a time is taken in a pool, under the pool's lease. A drain's message that finds the
lease held is not sent again: the holder of the lease looks for what is due when its own step is
over and the lease is free. So the drains of a pool take turns, the longest due first, and leave no
heap of messages behind. If the holder dies, the timer finds what is due.
"""

import logging
from datetime import datetime, timedelta

from shared.core.values.drainid import pool_key_of
from shared.engine.step.readings import Readings
from shared.engine.step.step import Came, step
from shared.engine.world.outside import Outside
from shared.errors import LeaseLostError, StorageError
from shared.ports import TakeStep

log = logging.getLogger(__name__)

AT_A_TIME = timedelta(minutes=1)
"""How long one message works on a pool. Then a new message goes on, behind the others in the
queue."""
COME_BACK = timedelta(seconds=3)
"""How long somebody who asks for a look at once waits when the pool's lease is held. The time
doubles with each try."""
MOST_TRIES = 5
"""After so many tries, the pool's worker has found the drain among those that are due."""
_MOST = 20
"""How many drains are stepped before the list of due drains is read again."""


async def work_on(outside: Outside, work: TakeStep) -> None:
    """Take the step that a message asks for, and then the steps that are due in the same pool.
    Raises what the step raises; then the queue shows the message again."""
    readings = Readings(outside)
    came = await step(outside, work, readings)
    if came is Came.HELD:
        if work.step_number is None and work.tries < MOST_TRIES:
            again = TakeStep(work.drain, tries=work.tries + 1)
            await outside.queue.send(again, COME_BACK * 2**work.tries)
        return
    if came is Came.SHARED:
        await _others(outside, pool_key_of(work.drain), readings)


async def go_on(outside: Outside, pool_key: str) -> None:
    """Send a message for a drain that is due in the pool, after its lease was held for another
    purpose."""
    due = await outside.store.due(pool_key, outside.clock.now(), 1)
    if due:
        await outside.queue.send(TakeStep(due[0][0]), timedelta(0))


async def _others(outside: Outside, pool_key: str, readings: Readings) -> None:
    until = outside.clock.now() + AT_A_TIME
    done: set[tuple[str, datetime]] = set()
    left: list[tuple[str, datetime]] = []
    while True:
        now = outside.clock.now()
        if not left:
            due = await outside.store.due(pool_key, now, _MOST + len(done))
            left = [each for each in due if each not in done]
        if not left:
            return
        if now >= until:
            await outside.queue.send(TakeStep(left[0][0]), timedelta(0))
            return
        drain, at = left.pop(0)
        done.add((drain, at))
        try:
            came = await step(outside, TakeStep(drain), readings)
        except (StorageError, LeaseLostError) as error:
            log.warning(
                "the other drains of %s have to wait: %s", pool_key, error, extra={"pool": pool_key}
            )
            return
        except Exception:
            log.exception(
                "drain %s: its step failed; its own message will tell",
                drain,
                extra={"drain": drain},
            )
            continue
        if came is Came.HELD:
            return
