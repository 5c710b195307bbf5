"""One reading, bounded in time: what it says, or why it is not had."""

import asyncio
import logging
from collections.abc import Awaitable

from shared.core.start.doctor.findings import Cause, Unread
from shared.errors import (
    DeniedError,
    NotFoundError,
    OutsideError,
    RejectedError,
    StorageError,
    UnreadableError,
)

log = logging.getLogger(__name__)

SECONDS = 15.0
"""So long one answer is waited for."""


async def read[T](asked: Awaitable[T]) -> T | Unread:
    """Whatever goes wrong spoils this reading only."""
    try:
        async with asyncio.timeout(SECONDS):
            return await asked
    except TimeoutError:
        return Unread(Cause.PASSING, f"no answer within {SECONDS:.0f} seconds")
    except (OutsideError, StorageError, UnreadableError) as error:
        return Unread(_cause(error), str(error))
    except Exception as error:
        log.exception("a reading of the doctor failed")
        return Unread(
            Cause.PASSING, f"it failed in a way that nobody foresaw ({type(error).__name__})"
        )


def _cause(error: Exception) -> Cause:
    match error:
        case DeniedError():
            return Cause.DENIED
        case NotFoundError():
            return Cause.GONE
        case RejectedError():
            return Cause.REFUSED
    return Cause.PASSING
