"""Reads drains for callers. No more of a drain is read than is asked for."""

from shared.core.drain.model import Control
from shared.core.drain.summary.overview import Overview
from shared.core.values.drainid import is_drain_id
from shared.engine.world.outside import Outside
from shared.errors import RefusalKind, RequestRefusedError


async def overview(outside: Outside, drain: str) -> Overview:
    """A drain without the records of its hosts. Raises RequestRefusedError if there is none."""
    found = await outside.store.overview(drain) if is_drain_id(drain) else None
    if found is None:
        raise unknown(drain)
    return found


async def control(outside: Outside, drain: str) -> Control:
    """What is asked of a drain. Raises RequestRefusedError if there is none."""
    found = await outside.store.control(drain) if is_drain_id(drain) else None
    if found is None:
        raise unknown(drain)
    return found


def unknown(drain: str) -> RequestRefusedError:
    return RequestRefusedError(
        RefusalKind.NOT_FOUND, "DrainNotFound", f"there is no drain '{drain}'"
    )
