"""A loop in which one failing item does not stop the others: the failure is logged, and the next
item has its turn. Every loop of the engine over pools, schedules, campaigns, subscriptions, drains
and the like uses it; a test holds the engine to that."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable

log = logging.getLogger(__name__)


async def each[T](
    what: str,
    items: Iterable[T],
    do: Callable[[T], Awaitable[object]],
    name: Callable[[T], str] = str,
    *,
    at_once: int = 1,
) -> tuple[tuple[T, Exception], ...]:
    """Await ``do`` for each item, at most ``at_once`` at a time. Returns the items that failed,
    each with its error. In the log, ``what`` is the kind of item and ``name`` identifies one."""
    places = asyncio.Semaphore(at_once)
    failed: list[tuple[T, Exception]] = []

    async def one(item: T) -> None:
        async with places:
            try:
                await do(item)
            except Exception as error:
                log.exception("%s %s failed", what, name(item))
                failed.append((item, error))

    if at_once == 1:
        for item in items:
            await one(item)
    else:
        await asyncio.gather(*(one(item) for item in items))
    return tuple(failed)


def error_text(error: Exception) -> str:
    """An error as text for a record, at most 500 characters. It begins with the error's type,
    because its message alone may say nothing."""
    return f"{type(error).__name__}: {error}"[:500]
