"""What is remembered of pools, and forecasts made of it, for whoever asks. They fail alone: whatever goes wrong
here is a line in the log, and there is no forecast."""

import asyncio
import logging
from datetime import datetime

from shared.core.drain.expected import Forecast
from shared.core.drain.model import Drain
from shared.core.forecast.forecast import forecast
from shared.core.forecast.past import Past
from shared.core.observation.seen import Seen
from shared.engine.world.outside import Outside
from shared.errors import STORE_ERRORS
from shared.ports import Lease

log = logging.getLogger(__name__)

WITHIN = 3.0
"""Seconds for which the past is waited for."""


async def past_of(outside: Outside, pool_key: str, lease: Lease | None = None) -> Past | None:
    """What is remembered of a pool. None: it cannot be read, or not be written by this version."""
    try:
        async with asyncio.timeout(WITHIN):
            return await outside.store.past(pool_key, lease)
    except (*STORE_ERRORS, TimeoutError) as error:
        log.warning("the past of pool %s could not be read: %s", pool_key, error)
    except Exception:
        log.exception("the past of pool %s could not be read", pool_key)
    return None


async def last_of(outside: Outside, drain_id: str) -> Forecast | None:
    """A drain's last forecast; None where there is none, or it cannot be read."""
    try:
        async with asyncio.timeout(WITHIN):
            return await outside.store.forecast(drain_id)
    except (*STORE_ERRORS, TimeoutError) as error:
        log.warning("the forecast of drain %s could not be read: %s", drain_id, error)
    except Exception:
        log.exception("the forecast of drain %s could not be read", drain_id)
    return None


def tried(drain: Drain, seen: Seen, past: Past | None, now: datetime) -> Forecast | None:
    """A forecast; None where there is none to be made, or it fails as nobody foresaw."""
    try:
        return forecast(drain, seen, past or Past(), now)
    except Exception:
        log.exception("drain %s: there is no forecast of it", drain.id)
        return None
