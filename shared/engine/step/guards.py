"""Guards a step against failures of what only reports on it."""

import logging

from shared.core.drain.model import Drain
from shared.engine.callbacks.publishing import follow
from shared.engine.world.outside import Outside
from shared.errors import STORE_ERRORS

log = logging.getLogger(__name__)


async def followed(outside: Outside, drain: Drain) -> Drain:
    """The drain with the topic among its subscribers, if there is a topic and it can be subscribed.
    Raises what the store raises."""
    try:
        return await follow(outside, drain)
    except STORE_ERRORS:
        raise
    except Exception:
        log.exception("drain %s: the topic cannot follow it", drain.id)
        return drain
