"""Reading the past of pools, and making forecasts from it. A failure here is logged and means only
that there is no forecast."""

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from datetime import datetime

from shared.core.drain.expected import Forecast
from shared.core.drain.model import Drain
from shared.core.forecast.forecast import Turn, forecast, of_each
from shared.core.forecast.past import Past
from shared.core.observation.seen import Seen
from shared.engine.world.outside import Outside
from shared.errors import STORE_ERRORS
from shared.ports import Lease

log = logging.getLogger(__name__)

WITHIN = 3.0
"""How many seconds a reading may take."""


async def past_of(outside: Outside, pool_key: str, lease: Lease | None = None) -> Past | None:
    """What is remembered of a pool. None: it cannot be read, or this version may not write it."""
    return await _read(outside.store.past(pool_key, lease), f"the past of pool {pool_key}")


async def last_of(outside: Outside, drain_id: str) -> Forecast | None:
    """The last forecast of a drain. None: there is none, or it cannot be read."""
    return await _read(outside.store.forecast(drain_id), f"the forecast of drain {drain_id}")


async def _read[T](reading: Awaitable[T | None], what: str) -> T | None:
    try:
        async with asyncio.timeout(WITHIN):
            return await reading
    except (*STORE_ERRORS, TimeoutError) as error:
        log.warning("%s could not be read: %s", what, error)
    except Exception:
        log.exception("%s could not be read", what)
    return None


def tried(drain: Drain, seen: Seen, past: Past | None, now: datetime) -> Forecast | None:
    """A forecast of the drain. None: there is none to be made, or making it failed."""
    try:
        return forecast(drain, seen, past or Past(), now)
    except Exception:
        log.exception("drain %s: there is no forecast of it", drain.id)
        return None


def tried_each(
    drain: Drain, seen: Seen, past: Past | None, now: datetime
) -> tuple[Forecast | None, Mapping[str, Turn]]:
    """Of a drain that has not begun; and when each of its hosts is expected to be back, by host key."""
    try:
        return of_each(drain, seen, past or Past(), now)
    except Exception:
        log.exception("drain %s: there is no forecast of it", drain.id)
        return None, {}
