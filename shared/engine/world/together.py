"""Concurrency with a limit."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

AT_ONCE = 16


async def together[A, T](do: Callable[[A], Awaitable[T]], items: Iterable[A]) -> list[T]:
    """Await ``do`` for each item, at most ``AT_ONCE`` at a time. Returns the results in the order
    of the items."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(item: A) -> T:
        async with places:
            return await do(item)

    return list(await asyncio.gather(*(one(item) for item in items)))
