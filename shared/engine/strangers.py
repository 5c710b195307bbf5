"""One call to somebody whom the app does not know: within a short time, and whatever it does."""

import asyncio
import logging
from collections.abc import Awaitable
from datetime import timedelta

from shared.core.outcome import Outcome, Refused, Unknown
from shared.engine.each import told
from shared.engine.perform import outcome_of
from shared.errors import OutsideError

log = logging.getLogger(__name__)

WITHIN = timedelta(seconds=15)
"""From the name's resolution to the answer. Who needs longer is called again, later."""


async def answer_of(doing: Awaitable[None]) -> Outcome:
    """What came of the call. What nobody foresaw counts as refused, and is tried again."""
    try:
        async with asyncio.timeout(WITHIN.total_seconds()):
            return await outcome_of(doing)
    except TimeoutError:
        return Unknown()
    except OutsideError as error:
        return Refused(str(error))
    except Exception as error:
        log.exception("a call to a stranger failed in a way that was not foreseen")
        return Refused(told(error))
