"""A call to somebody whom the app does not know, within a time limit."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

from shared.core.host.outcome import Outcome, Unknown
from shared.engine.world.perform import outcome_of

WITHIN = timedelta(seconds=15)
"""The time limit, from name resolution to the reply. A call that takes longer is retried later."""


async def answer_of(doing: Awaitable[None]) -> Outcome:
    """The outcome of a call. A timeout or an unforeseen error is of unknown outcome, and is
    retried."""
    try:
        async with asyncio.timeout(WITHIN.total_seconds()):
            return await outcome_of(doing)
    except TimeoutError:
        return Unknown()
