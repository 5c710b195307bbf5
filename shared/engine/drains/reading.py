"""Reads drains for callers. No more of a drain is read than is asked for."""

from collections.abc import Awaitable, Callable

from shared.core.drain.model import Control, Drain
from shared.core.drain.summary.overview import Overview
from shared.core.values.drainid import is_drain_id
from shared.engine.world.outside import Outside
from shared.errors import RefusalKind, RequestRefusedError


async def whole(outside: Outside, drain: str) -> Drain:
    """The whole drain. Raises RequestRefusedError if there is none."""
    return await _read(outside.store.load, drain)


async def overview(outside: Outside, drain: str) -> Overview:
    """A drain without the records of its hosts. Raises RequestRefusedError if there is none."""
    return await _read(outside.store.overview, drain)


async def control(outside: Outside, drain: str) -> Control:
    """What is asked of a drain. Raises RequestRefusedError if there is none."""
    return await _read(outside.store.control, drain)


async def _read[T](read: Callable[[str], Awaitable[T | None]], drain: str) -> T:
    found = await read(drain) if is_drain_id(drain) else None
    if found is None:
        raise unknown(drain)
    return found


def unknown(drain: str) -> RequestRefusedError:
    text = f"there is no drain '{drain}'"
    return RequestRefusedError(RefusalKind.NOT_FOUND, "DrainNotFound", text)
