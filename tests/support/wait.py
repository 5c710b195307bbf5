"""Waits for something to become so, with a time limit."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from local.host.pause import pause

_AT_MOST = 120.0
_PAUSE = 0.1


async def until[T](ask: Callable[[], Awaitable[T | None]], what: str) -> T:
    """Ask again and again until the result is not None. Raises AssertionError if that takes too
    long."""
    end = time.monotonic() + _AT_MOST
    while time.monotonic() < end:
        if (answer := await ask()) is not None:
            return answer
        await pause(asyncio.Event(), _PAUSE)
    raise AssertionError(f"it never came to this: {what}")
