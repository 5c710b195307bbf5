"""Several things at the same time, but not all at once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

AT_ONCE = 16


async def together[A, T](do: Callable[[A], Awaitable[T]], items: Iterable[A]) -> list[T]:
    """``do`` for each, at most ``AT_ONCE`` under way; what comes of them, in the items' order."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(item: A) -> T:
        async with places:
            return await do(item)

    return list(await asyncio.gather(*(one(item) for item in items)))
