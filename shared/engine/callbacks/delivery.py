"""Delivers callbacks to subscribers. A delivery is retried until it is acknowledged, also across
restarts: what was delivered is recorded in the subscription, and the timer sends a message for a
subscription that is overdue."""

import logging
from datetime import timedelta

from shared.core.drain.history.facts import Moved, NeedsAttention
from shared.core.drain.model import Drain
from shared.core.drain.subscriptions import LOOKED_AFTER, Events, Subscription, after_try
from shared.core.drain.summary.overview import Overview, overview_of
from shared.core.host.outcome import Accepted
from shared.core.host.status import ENDED
from shared.engine.callbacks.publishing import publish
from shared.engine.callbacks.strangers import answer_of
from shared.engine.world.each import each
from shared.engine.world.outside import Outside
from shared.errors import ChangedError, UnreadableError
from shared.ports import TellSubscriber, about
from shared.wire.views.callback import callback

log = logging.getLogger(__name__)

MOST = 200
"""How many history entries one call covers. The next call covers the next ones."""


async def tell(outside: Outside, work: TellSubscriber) -> None:
    """Call a subscriber back, if it has something to be told and its next try is due."""
    with about(drain=work.drain):
        await _tell(outside, work)


async def _tell(outside: Outside, work: TellSubscriber) -> None:
    now = outside.clock.now()
    try:
        found = await outside.store.subscription(work.drain, work.subscription)
        whole, drain = await _read(outside, found[0]) if found is not None else (None, None)
    except UnreadableError as error:
        log.error("subscription %s: not told: %s", work.subscription, error)  # noqa: TRY400
        await outside.store.note_work(work, now + LOOKED_AFTER)
        return
    if found is None or drain is None or not found[0].waiting:
        await outside.store.note_work(work, None)  # nothing is left to be delivered
        return
    subscription, version = found
    if subscription.next_try_at is not None and now < subscription.next_try_at:
        return
    page = await outside.store.history(work.drain, MOST, subscription.cursor or None)
    changes = [entry for entry in page.items if isinstance(entry.fact, Moved | NeedsAttention)]
    over = drain.progress.status in ENDED and page.next is None
    if not over and (subscription.events is Events.END or not changes):
        await outside.store.note_subscription(subscription, now + LOOKED_AFTER)
        return
    if whole is not None:
        first = not subscription.cursor
        sending = publish(outside, whole, changes, first=first, over=over)
    else:
        moves = [entry for entry in changes if isinstance(entry.fact, Moved)]
        told_of = moves if subscription.events is Events.PHASES else ()
        key = f"{subscription.id}/{subscription.cursor}"
        body = callback(subscription, drain, told_of, over)
        sending = outside.webhooks.post(subscription.url, body, key)
    outcome = await answer_of(sending)
    after = after_try(
        subscription,
        outcome,
        page.last or subscription.cursor,
        over=over,
        now=outside.clock.now(),
        pace=outside.options.pace,
    )
    if not isinstance(outcome, Accepted):
        log.warning("subscription %s: %s", subscription.id, after.last_result)
    try:
        await outside.store.keep_subscription(after, version)
    except ChangedError:
        return  # unsubscribed meanwhile, or delivered by another instance
    await _schedule(outside, after, more=page.next is not None)


async def _read(
    outside: Outside, subscription: Subscription
) -> tuple[Drain | None, Overview | None]:
    """The drain. The topic needs its whole record, to name its hosts; other subscribers need only
    the overview."""
    if not subscription.to_topic:
        return None, await outside.store.overview(subscription.drain)
    whole = await outside.store.load(subscription.drain)
    return whole, overview_of(whole) if whole is not None else None


async def _schedule(outside: Outside, after: Subscription, *, more: bool) -> None:
    """Send the message for the next delivery. The index is written first: if the message is lost,
    the timer finds the subscription there."""
    if not after.waiting:
        await outside.store.note_subscription(after, None)
        return
    now = outside.clock.now()
    again = after.next_try_at or (now if more else None)
    await outside.store.note_subscription(after, again or now + LOOKED_AFTER)
    if again is not None:
        delay = max(timedelta(0), again - now)
        await outside.queue.send(TellSubscriber(after.drain, after.id), delay)


async def send_for(outside: Outside, before: Drain, after: Drain) -> None:
    """After a step: send a message for each subscriber that has something to be told."""
    over = after.progress.status in ENDED
    was = {host.key: host.phase for host in before.hosts}
    moved = any(host.phase is not was.get(host.key) for host in after.hosts)
    meant = [
        subscription
        for subscription in after.subscriptions
        if subscription.waiting and (over or (moved and subscription.events is Events.PHASES))
    ]
    await each(
        "subscription",
        [subscription.id for subscription in meant],
        lambda id_: outside.queue.send(TellSubscriber(after.id, id_), timedelta(0)),
    )
