"""One call to somebody whom the app does not know: within a short time, and whatever it does."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

from shared.core.host.outcome import Outcome, Unknown
from shared.engine.world.perform import outcome_of

WITHIN = timedelta(seconds=15)
"""From the name's resolution to the answer. Who needs longer is called again, later."""


async def answer_of(doing: Awaitable[None]) -> Outcome:
    """What came of the call. What nobody foresaw is of unknown outcome, and is tried again."""
    try:
        async with asyncio.timeout(WITHIN.total_seconds()):
            return await outcome_of(doing)
    except TimeoutError:
        return Unknown()
