"""The forecast of a campaign, made now and then with its steps. Its failure stops nothing else."""

import logging
from collections.abc import Mapping
from dataclasses import replace

from shared.core.drain.model import Drain
from shared.core.forecast.past import Past
from shared.core.schedules.campaignend import forecast_of, is_due, waiting_pools
from shared.core.schedules.campaigns import Campaign
from shared.engine.world.outside import Outside
from shared.engine.world.pasts import past_of
from shared.engine.world.together import together

log = logging.getLogger(__name__)


async def foreseen(
    outside: Outside, before: Campaign, after: Campaign, drains: Mapping[str, Drain]
) -> Campaign:
    """``after`` with a new forecast, or with its old one if that is recent enough."""
    try:
        now = outside.clock.now()
        if not is_due(before, after, now):
            return after
        pools = sorted(waiting_pools(after))

        async def past(pool: str) -> Past:
            return await past_of(outside, pool) or Past()

        pasts = dict(zip(pools, await together(past, pools), strict=True))
        known = {id_: drain.forecast for id_, drain in drains.items()}
        return replace(after, forecast=forecast_of(after, known, pasts, now))
    except Exception:
        log.exception("%s: there is no forecast of it", after.id)
        return replace(after, forecast=None)
