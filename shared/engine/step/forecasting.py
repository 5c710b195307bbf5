"""Forecasts, made beside a step from what it saw; and the past of the pool, learned from what it
did. A failure here is logged, and the step goes on without a forecast."""

import logging
from dataclasses import replace
from datetime import datetime

from shared.core.drain.model import Drain
from shared.core.flow.flow import Decision
from shared.core.forecast.forecast import is_due
from shared.core.forecast.learning import has_news, learned
from shared.core.forecast.past import Past
from shared.core.observation.seen import Seen
from shared.engine.world.outside import Outside
from shared.engine.world.pasts import past_of, tried
from shared.ports import Lease

log = logging.getLogger(__name__)


async def foreseen(
    outside: Outside, lease: Lease, decision: Decision, seen: Seen, now: datetime
) -> Decision:
    """The decision with a new forecast of the drain, or with its old one if that is recent
    enough."""
    drain = decision.drain
    try:
        if not is_due(drain, now):
            return decision
    except Exception:
        log.exception("drain %s: its forecast is made anew", drain.id)
    past = await past_of(outside, lease.pool_key, lease)
    made = tried(drain, seen, past, now)
    return replace(decision, drain=replace(drain, forecast=made))


async def lessons(
    outside: Outside, lease: Lease, before: Drain, after: Drain, now: datetime
) -> Past | None:
    """The pool's past with what ended in this step. None: there is nothing to write."""
    try:
        if not has_news(before, after):
            return None
        past = await past_of(outside, lease.pool_key, lease)
        return learned(past, before, after, now) if past is not None else None
    except Exception:
        log.exception("drain %s: nothing is learned from this step", after.id)
        return None
