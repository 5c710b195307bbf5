"""Forecasts, made beside a step from what it saw; how the pool stood then; and the past of the pool,
learned from what the step did. A failure here is logged, and the step goes on without."""

import logging
from dataclasses import replace
from datetime import datetime

from shared.core.admission.capacity import standing
from shared.core.drain.availability import with_point
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
    """The decision with how the pool stands, and with a new forecast of the drain, or with its old
    one if that is recent enough."""
    drain = _noted(decision.drain, seen, now)
    decision = replace(decision, drain=drain)
    try:
        if not is_due(drain, now):
            return decision
    except Exception:
        log.exception("drain %s: its forecast is made anew", drain.id)
    past = await past_of(outside, lease.pool_key, lease)
    made = tried(drain, seen, past, now)
    return replace(decision, drain=replace(drain, forecast=made))


def _noted(drain: Drain, seen: Seen, now: datetime) -> Drain:
    """The drain, with how its pool stands against the floor."""
    try:
        point, because = standing(drain.control.policy, drain.hosts, seen, now)
        return replace(drain, availability=with_point(drain.availability, point, because))
    except Exception:
        log.exception("drain %s: how its pool stands is not noted", drain.id)
        return drain


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
