"""Hands happenings on: from where they were saved into the lane of each receiver.

A saved happening stays until it is in every lane, so a crash in between loses nothing. A lane knows
what it was given, so handing on twice does not notify twice. What cannot be handed on for days is
given up, and logged.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.core.drain.happenings import Happening
from shared.core.drain.model import Drain
from shared.core.drain.retry import GIVEN_UP_AFTER
from shared.core.notifications.lane import Lane, added
from shared.core.notifications.rules import Receiver, receivers_of
from shared.engine.notifications.lanes import changed_and_woken
from shared.engine.world.each import each
from shared.engine.world.outside import Outside
from shared.ports import PassOn

log = logging.getLogger(__name__)

AGAIN = timedelta(minutes=1)


async def hand_on(outside: Outside, happenings: Sequence[Happening]) -> bool:
    """Put happenings into the lanes of all receivers whose rules ask for them. True: every lane has
    them."""
    known = outside.options.notifications
    meant = {
        receiver.name: [each for each in happenings if receiver in receivers_of(known, each)]
        for receiver in known.receivers
    }

    async def give(receiver: Receiver) -> None:
        def take(lane: Lane, now: datetime) -> Lane:
            return added(lane, meant[receiver.name], receiver, now)

        await changed_and_woken(outside, receiver, take)

    those = [receiver for receiver in known.receivers if meant[receiver.name]]
    return not await each("receiver", those, give, lambda receiver: receiver.name)


async def pass_on(outside: Outside, work: PassOn) -> None:
    """Hand on what a drain has saved for notification. Raises StorageError."""
    now = outside.clock.now()
    happenings = await outside.store.untold(work.drain)
    left = await _handed_on(outside, work.drain, happenings, now)
    await outside.store.note_work(work, now + AGAIN if left else None)


async def after_step(outside: Outside, drain: Drain, *, ended: bool) -> None:
    """After a step: hand on what this step and earlier ones saved. It costs nothing if there is
    none, and its failure stops nothing else. What is left is handed on by the next step; after the
    drain's end, by the timer."""
    if not drain.untold:
        return
    now, left = outside.clock.now(), True
    try:
        left = await _handed_on(outside, drain.id, drain.untold, now)
    except Exception:
        log.exception("drain %s: what happened could not be handed on", drain.id)
    if left and ended:  # a drain that goes on hands on with its next step
        await outside.store.note_work(PassOn(drain.id), now + AGAIN)


async def _handed_on(
    outside: Outside, drain: str, happenings: Sequence[Happening], now: datetime
) -> bool:
    """Hand on happenings and forget those that are in every lane. True: some are left."""
    if not happenings:
        return False
    done = list(happenings)
    if not await hand_on(outside, happenings):
        done = [each for each in happenings if each.at < now - GIVEN_UP_AFTER]
        for one in done:
            log.error("%s of drain %s was not told: given up", one.kind, drain)
    await outside.store.handed_on(drain, done)
    return len(done) < len(happenings)
