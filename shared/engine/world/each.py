"""A loop over things of which one may be bad: what goes wrong with one is told, and the next has its
turn. Every loop of the engine over pools, schedules, campaigns, subscriptions, drains and the like
goes through here; a test holds the engine to that."""

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
    """``do`` for each, whatever becomes of the others; those that failed, each with its error. The
    log names them: ``what`` is the kind of thing, ``name`` tells one from another."""
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
    """An error in words, for a record; with its type, as its text alone may say nothing."""
    return f"{type(error).__name__}: {error}"[:500]
