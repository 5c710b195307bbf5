"""What is only told of a step does not keep it from being done."""

import logging

from shared.core.drain.model import Drain
from shared.engine.callbacks.publishing import follow
from shared.engine.world.outside import Outside
from shared.errors import STORE_ERRORS

log = logging.getLogger(__name__)


async def followed(outside: Outside, drain: Drain) -> Drain:
    """The drain with the topic among its subscribers, if there is one and that can be. Raises what the
    store raises."""
    try:
        return await follow(outside, drain)
    except STORE_ERRORS:
        raise
    except Exception:
        log.exception("drain %s: the topic cannot follow it", drain.id)
        return drain
